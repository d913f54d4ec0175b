"""What watching a training costs: the dashboard beside livelossplot and a matplotlib redraw.

`python benchmarks/dashboard.py` trains softmax regression on MNIST in a real kernel, in turns
without any picture and with each of the others at about 4 updates a second, the same number of
steps each time. What an update evaluates (the loss and the accuracy of 1,000 validation digits)
counts as the cost of the picture. `stretched` is the dashboard as lessons show it: the pictures of
the first hundred steps are there to be seen, and what they take is printed beside it. All messages
of the kernel are read, as a browser would; the browser's own drawing is not in the figures. The
whole takes about 5 minutes.
"""

import sys
import time
from functools import partial

import numpy as np
from measure import REPO, clocks, command, in_turns, machine, spread

UPDATES_PER_SECOND = 4
BATCH = 100
FIRST = 100
KINDS = ("without", "dashboard", "stretched", "livelossplot", "matplotlib")


class Training:
    """Softmax regression as lesson 02 writes it; lives in the kernel."""

    def __init__(self):
        import tensorflow as tf

        from workshop.data import load_mnist, validation_split

        (x_train, y_train), _ = load_mnist()
        (x_train, y_train), (self.x_val, self.y_val) = validation_split(x_train, y_train)
        self.tf = tf
        self.weights, self.biases = tf.Variable(tf.zeros([784, 10])), tf.Variable(tf.zeros([10]))
        data = tf.data.Dataset.from_tensor_slices((x_train, y_train.astype("int32")))
        # With autotuning, the end of a loop sometimes waits, idle, for a thread that wakes at 10,
        # 30, 70, ... 10,230, 20,470 ms: up to twice the time that is to be measured.
        options = tf.data.Options()
        options.autotune.enabled = False
        data = data.shuffle(10_000, seed=0).repeat().batch(BATCH).prefetch(2)
        self.data = data.with_options(options)
        self.train_step = tf.function(self.train_step)
        self.evaluate = tf.function(self.evaluate)
        # Once, and not at each update: these digits do not change.
        self.val_inputs = self.inputs(self.x_val[:1000])
        self.val_labels = tf.constant(self.y_val[:1000].astype("int32"))

    def inputs(self, images):
        """Flatten and scale: (batch, 784), 0..1."""
        return self.tf.reshape(self.tf.cast(images, self.tf.float32) / 255, [-1, 784])

    def loss(self, labels, logits):
        """Mean cross-entropy."""
        tf = self.tf
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        return tf.reduce_mean(losses)

    def train_step(self, images, labels):
        """Take one step; gives loss and logits."""
        with self.tf.GradientTape() as tape:
            logits = self.inputs(images) @ self.weights + self.biases
            loss = self.loss(labels, logits)
        for variable, gradient in zip(
            (self.weights, self.biases),
            tape.gradient(loss, [self.weights, self.biases]),
            strict=True,
        ):
            variable.assign_sub(0.5 * gradient)
        return loss, logits

    def evaluate(self):
        """Give loss and logits of 1,000 validation digits."""
        logits = self.val_inputs @ self.weights + self.biases
        return self.loss(self.val_labels, logits), logits

    def run(self, kind: str, steps: int, every: int) -> tuple[float, float, int]:
        """Train and watch; gives seconds, CPU seconds and the number of pictures."""
        watch = {"dashboard": Dashboard, "stretched": Stretched}
        watch |= {"livelossplot": LiveLossPlot, "matplotlib": Redraw}
        watcher = watch[kind](self, every) if kind in watch else None
        start = clocks()
        for step, (images, labels) in enumerate(self.data.take(steps), start=1):
            loss, logits = self.train_step(images, labels)
            if watcher is not None and watcher.due(step):
                watcher.update(step, images, labels, loss, logits)
        return *(clocks() - start), watcher.updates if watcher else 0


class Dashboard:
    """Our six panels."""

    stretch = False

    def __init__(self, training, _every):
        from IPython.display import display

        from workshop.widgets import TrainingDashboard

        self.training, self.updates = training, 0
        self.dashboard = TrainingDashboard(
            training.x_val,
            training.y_val,
            updates_per_second=UPDATES_PER_SECOND,
            stretch=self.stretch,
        )
        self.due = self.dashboard.due
        display(self.dashboard)

    def update(self, step, images, labels, loss, logits):
        """Evaluate and draw."""
        val_loss, val_logits = self.training.evaluate()
        self.dashboard.update(
            step,
            batch=(images, labels, logits),
            loss=(loss, val_loss),
            val_predictions=val_logits,
            weights=self.training.weights,
            biases=self.training.biases,
        )
        self.updates += 1


class Stretched(Dashboard):
    """The same, with the first hundred steps to be seen: how many, and how long they take."""

    stretch = True

    def __init__(self, training, every):
        super().__init__(training, every)
        self.due, self.started = self.look, time.perf_counter()

    def look(self, step):
        """Ask the dashboard; say once how the first hundred steps were."""
        if step == FIRST + 1:
            seconds = time.perf_counter() - self.started
            print(f"first {FIRST} steps: {self.updates} pictures in {seconds:.2f} s")
        return self.dashboard.due(step)


class Curves:
    """What the other two draw: loss and accuracy of training and test, nothing else."""

    def __init__(self, training, every):
        self.training, self.updates = training, 0
        # They take longer than a quarter of a second, so they are drawn at the steps that a
        # training without pictures reaches in that time.
        self.due = lambda step: step % every == 0

    def values(self, labels, loss, logits):
        """Give the four values."""
        val_loss, val_logits = self.training.evaluate()
        self.updates += 1
        return {
            "loss": float(loss),
            "val_loss": float(val_loss),
            "accuracy": float(np.mean(np.argmax(logits, 1) == labels)),
            "val_accuracy": float(np.mean(np.argmax(val_logits, 1) == self.training.val_labels)),
        }


class LiveLossPlot(Curves):
    """The package livelossplot with its matplotlib output."""

    def __init__(self, training, every):
        from livelossplot import PlotLosses
        from livelossplot.outputs import MatplotlibPlot

        super().__init__(training, every)
        self.plot = PlotLosses(outputs=[MatplotlibPlot()])

    def update(self, _step, _images, labels, loss, logits):
        """Evaluate and draw."""
        self.plot.update(self.values(labels, loss, logits))
        self.plot.send()


class Redraw(Curves):
    """A figure drawn again into the cleared output."""

    def __init__(self, training, every):
        super().__init__(training, every)
        self.history = []

    def update(self, step, _images, labels, loss, logits):
        """Evaluate and draw."""
        import matplotlib.pyplot as plt
        from IPython.display import clear_output, display

        self.history.append({"step": step, **self.values(labels, loss, logits)})
        figure, axes = plt.subplots(1, 2, figsize=(10, 4))
        for axis, what in zip(axes, ("loss", "accuracy"), strict=True):
            for name in (what, f"val_{what}"):
                axis.plot([h["step"] for h in self.history], [h[name] for h in self.history])
            axis.set(title=what, xlabel="step")
        clear_output(wait=True)
        display(figure)
        plt.close(figure)


def run(kernel, code: str) -> str:
    """Run a cell in a Jupyter kernel, read all its messages; gives what it printed."""
    said = []

    def hear(message):
        if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
            said.append(message["content"]["text"])

    reply = kernel.execute_interactive(code, output_hook=hear, timeout=300)
    if reply["content"]["status"] != "ok":
        sys.exit("\n".join(reply["content"]["traceback"]))
    return "".join(said)


def train(kernel, steps: int, every: int, kind: str) -> tuple[float, float, float, float]:
    """Train in a kernel; gives seconds, CPU seconds, pictures, seconds outside the loop."""
    started = time.perf_counter()
    said = run(kernel, f"print('took', *training.run({kind!r}, {steps}, {every}))")
    line = next(line for line in said.splitlines() if line.startswith("took"))
    seconds, worked, pictures = map(float, line.split()[1:])
    first = [line for line in said.splitlines() if line.startswith("first")]
    print(f"  {kind:13}{seconds:7.2f} s", *first, flush=True)
    return seconds, worked, pictures, time.perf_counter() - started - seconds


def main(rounds: int = 5, seconds: float = 10.5):
    """Measure and print; the two slow ones run in half of the rounds only."""
    from jupyter_client.manager import run_kernel

    print(machine())
    with run_kernel(kernel_name="python3", cwd=str(REPO / "benchmarks")) as kernel:
        print("Before the rounds:", flush=True)
        run(kernel, "%matplotlib inline\nimport dashboard\ntraining = dashboard.Training()")
        train(kernel, 2000, 1000, "without")  # traces, and the import of the plotting packages
        for kind in KINDS[1:]:
            train(kernel, 20, 10, kind)
        speed = 4000 / train(kernel, 4000, 1000, "without")[0]
        steps, every = int(speed * seconds), int(speed / UPDATES_PER_SECOND)
        print(f"{steps} steps of {BATCH} digits, {rounds} rounds", flush=True)
        measure = partial(train, kernel, steps, every)
        whole = max(1, rounds // 2)
        taken = in_turns(measure, KINDS, whole)
        for kind, more in in_turns(measure, KINDS[:3], rounds - whole).items():
            taken[kind] += more
    report(taken)


def report(taken: dict[str, list[tuple[float, float, int, float]]]) -> None:
    """Print medians, and ratios to the training without a picture in the same round.

    Other work on the machine lengthens the seconds; the CPU seconds hardly feel it.
    """
    print(
        f"\n{'':14}{'seconds':>8}{'ratio':>8}{'its range':>18}{'CPU s':>8}{'ratio':>8}"
        f"{'drawn':>7}{'rest s':>8}"
    )
    for kind, runs in taken.items():
        seconds, worked, pictures, rest = np.median(runs, axis=0)
        ratios = np.array(runs)[:, :2] / np.array(taken["without"])[: len(runs), :2]
        ratio, cpu = np.median(ratios, axis=0)
        print(
            f"{kind:14}{seconds:8.2f}{ratio:8.3f}{spread(ratios[:, 0], '.3f'):>18}"
            f"{worked:8.2f}{cpu:8.3f}{pictures:7.0f}{rest:8.2f}"
        )
    print("\nThe rest of the cell (the dashboard's still picture, once) is not in the other times.")


if __name__ == "__main__":
    command(main)
