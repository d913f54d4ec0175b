"""The dashboard: what it takes, what it sends, when it draws, and what it leaves behind."""

import base64
import itertools
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from workshop.widgets import TrainingDashboard
from workshop.widgets.dashboard.arrays import as_images, as_labels, as_pair, as_quantiles
from workshop.widgets.dashboard.figure import draw_dashboard
from workshop.widgets.dashboard.history import COLUMNS, History

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (40, 28, 28)).astype("uint8")
LABELS = RNG.integers(0, 10, 40).astype("uint8")


class Clock:
    """Time that passes when the test says so, or when somebody sleeps."""

    def __init__(self, monkeypatch):
        self.now, self.slept = 100.0, []
        for module in ("widget", "pace"):
            path = f"workshop.widgets.dashboard.{module}.time"
            monkeypatch.setattr(path, self)

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def dashboard():
    return TrainingDashboard(IMAGES, LABELS)


def last(dashboard, name):
    table = np.frombuffer(dashboard._state["history"], "<f4").reshape(-1, len(COLUMNS))
    return table[-1, COLUMNS.index(name)]


@pytest.mark.parametrize(
    "images",
    [
        IMAGES,
        IMAGES[..., None],
        IMAGES.reshape(-1, 784),
        IMAGES.astype("float32"),
        IMAGES / 255,
        IMAGES.astype(int).tolist(),
    ],
)
def test_images_of_every_usual_form_are_the_same_picture(images):
    assert np.array_equal(as_images(images), IMAGES)


@pytest.mark.parametrize("direction", [0, 1])
def test_a_last_bit_is_no_grey_level(direction):
    images = np.nextafter(IMAGES.astype("float32") / 255, np.float32(direction))
    assert np.array_equal(as_images(images), IMAGES)


def test_standardised_images_keep_their_contrast():
    drawn = as_images((IMAGES / 255 - 0.13) / 0.31)
    assert (drawn.min(), drawn.max()) == (0, 255)
    assert as_images(np.full((1, 784), -1.0)).max() == 0


@pytest.mark.parametrize("shape", [(28, 28), (3, 32, 32), (3, 28, 28, 3), (784,), ()])
def test_images_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"images: expected shape \(n, 28, 28\).*image\[None\]"):
        as_images(np.zeros(shape))


def test_labels_may_be_one_hot_or_a_column():
    assert np.array_equal(as_labels(np.eye(10)[LABELS]), LABELS)
    assert np.array_equal(as_labels(LABELS[:, None]), LABELS)


@pytest.mark.parametrize("labels", [[10], [-1], [[1, 2]], [float("nan")]])
def test_labels_that_are_no_classes_are_refused(labels):
    with pytest.raises(ValueError, match=r"labels: expected (one class|classes) 0..9"):
        as_labels(labels)


def val_loss_is_a_number_or_a_pair():
    assert as_pair((np.float32(1), np.array([2.0]))) == (1.0, 2.0)
    with pytest.raises(ValueError, match="mean over the batch"):
        as_pair(np.ones(100))
    with pytest.raises(ValueError, match=r"two numbers.*got values of sizes \[1, 1, 1\]"):
        as_pair((1, 2, 3))


def test_quantiles_of_many_weights_are_those_of_a_part_of_them():
    weights = RNG.normal(size=(1000, 300))
    assert np.allclose(
        as_quantiles(weights)[1:-1], np.quantile(weights, [0.05, 0.25, 0.5, 0.75, 0.95]), atol=0.05
    )


def test_update_sends_all_panels_with_the_wrong_digits_first(dashboard):
    scores = np.eye(10)[LABELS]
    scores[[5, 9]] = np.roll(scores[[5, 9]], 1, axis=1)
    dashboard.update(
        3,
        batch=(IMAGES[:8] / 255, LABELS[:8], scores[:8]),
        loss=(0.5, 0.25),
        val_predictions=scores,
        weights=[np.zeros((784, 10)), np.ones((3, 3))],
        biases=np.arange(10),
    )
    frame = dashboard._state
    assert frame["step"] == 3
    assert np.frombuffer(frame["validation"]["order"], "<u2")[:3].tolist() == [5, 9, 0]
    assert len(frame["batch"]["images"]) == 8 * 784
    assert last(dashboard, "train_accuracy") == pytest.approx(7 / 8)
    assert last(dashboard, "val_accuracy") == pytest.approx(38 / 40)
    assert (last(dashboard, "weights_0"), last(dashboard, "weights_6")) == (0, 1)
    assert last(dashboard, "biases_3") == 4.5
    assert repr(dashboard) == (
        "step 3 · loss: training 0.500, validation 0.250"
        " · accuracy: training 0.875, validation 0.950"
    )


def val_predictions_may_be_for_all_the_val_images_given():
    dashboard = TrainingDashboard(IMAGES, LABELS, val_examples=10)
    predictions = LABELS.copy()
    predictions[30:] = (predictions[30:] + 1) % 10
    dashboard.update(0, val_predictions=predictions)
    assert last(dashboard, "val_accuracy") == pytest.approx(0.75)
    assert len(dashboard._state["validation"]["predictions"]) == 10
    dashboard = TrainingDashboard(IMAGES, LABELS, val_examples=10)
    with pytest.raises(ValueError, match=r"expected 10 val_predictions.*or all 40, got 7"):
        dashboard.update(0, val_predictions=predictions[:7])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"batch": (IMAGES, LABELS)}, r"\(images, labels, predictions\), got a tuple of length 2"),
        ({"batch": IMAGES}, "ndarray"),
        ({"batch": (IMAGES, LABELS[:3], LABELS)}, "images: 40, labels: 3, predictions: 40"),
        ({"val_predictions": LABELS[:7]}, "expected 40 val_predictions.*x_val, got 7"),
        ({"val_predictions": np.zeros((40, 9))}, r"10 scores per image.*got shape \(40, 9\)"),
        ({"weights": "kernel"}, "an array of numbers.*got str"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_what_is_needed(dashboard, given, said):
    with pytest.raises(ValueError, match=said):
        dashboard.update(0, **given)


def test_val_images_and_labels_must_fit():
    with pytest.raises(ValueError, match="x_val: 40, y_val: 39"):
        TrainingDashboard(IMAGES, LABELS[1:])


def train(dashboard, steps, clock, seconds=0.001):
    """Steps of a training, a millisecond each; gives those that were drawn."""
    drawn = []
    for step in steps:
        clock.now += seconds
        if dashboard.due(step):
            clock.now += 0.005  # what evaluating takes
            dashboard.update(step, loss=1.0)
            drawn.append(step)
    return drawn


def test_the_first_hundred_steps_are_drawn_and_each_can_be_seen(dashboard, clock):
    drawn = train(dashboard, range(1, 101), clock)
    assert len(drawn) >= 25
    assert drawn[:16] == [*range(1, 17)]
    assert max(after / step for step, after in itertools.pairwise(drawn[15:])) < 1.13
    # From one picture to the next at least 40 ms.
    assert all(slept + 0.005 + 0.001 >= 0.04 for slept in clock.slept[1:])
    assert 1 < clock.now - 100 < 2


def test_the_stretch_can_be_switched_off(clock):
    dashboard = TrainingDashboard(IMAGES, LABELS, stretch=False)
    assert train(dashboard, range(1, 101), clock) == [1]
    assert sum(clock.slept) == 0


def test_later_a_small_share_of_the_time_is_taken(dashboard, clock):
    train(dashboard, range(1, 101), clock)
    begun = clock.now
    drawn = train(dashboard, range(101, 5001), clock)
    assert 10 < len(drawn) < 25
    assert sum(clock.slept[-len(drawn) + 1 :]) == 0
    assert len(drawn) * 0.005 / (clock.now - begun) < 0.05


def test_slow_steps_are_not_kept_for_their_number(dashboard, clock):
    """On the logarithmic scale the next one would be an eighth later: minutes of slow steps."""
    train(dashboard, range(1, 1001), clock)
    drawn = train(dashboard, range(1001, 1021), clock, seconds=0.5)
    assert len(drawn) >= 9


def test_due_says_yes_until_it_was_drawn(dashboard, clock):
    assert dashboard.due(1)
    assert dashboard.due(1)
    dashboard.update(1, loss=1.0)
    assert not dashboard.due(1)
    assert dashboard.due(2)


def test_slow_evaluation_is_asked_for_less_often(clock):
    dashboard, pauses = TrainingDashboard(IMAGES, LABELS, stretch=False), []
    step = 1
    for turn in range(4):
        asked = clock.now
        assert dashboard.due(step)
        clock.now += 3.0 if turn == 0 else 0.1  # the first one traces functions
        dashboard.update(step, loss=1.0)
        while not dashboard.due(step := step + 1):
            clock.now += 0.01
        pauses.append(clock.now - asked)
    assert pauses[0] == pytest.approx(3, abs=0.1)
    assert 0.1 / pauses[-1] < 0.05


def test_updates_between_are_kept_for_the_end(clock):
    dashboard = TrainingDashboard(IMAGES, LABELS, stretch=False)
    dashboard.update(0, loss=2.0)
    for step in range(1, 6):
        clock.now += 0.01
        dashboard.update(step, loss=1.0)
    assert dashboard._state["step"] == 0
    dashboard.finish()
    assert dashboard._state["step"] == 5


def test_what_is_left_out_keeps_its_picture(dashboard, clock):
    dashboard.update(0, val_predictions=LABELS, loss=(1.0, 2.0))
    clock.now += 1
    dashboard.update(1, loss=0.5)
    assert dashboard._state["validation"] is not None
    assert np.isnan(last(dashboard, "val_loss"))
    assert "loss: training 0.500, validation 2.000" in dashboard.summary()


def test_nan_is_a_gap_and_is_said(dashboard):
    dashboard.update(40, loss=(float("nan"), 1.0), val_predictions=np.full((40, 10), np.nan))
    assert np.isinf(last(dashboard, "train_loss"))
    assert "training loss is NaN or infinite at step 40" in dashboard._state["note"]
    assert set(dashboard._state["validation"]["predictions"]) == {255}
    assert last(dashboard, "val_accuracy") == 0


def test_a_smaller_step_is_a_new_training(dashboard, clock):
    dashboard.update(10, loss=2.0)
    dashboard.stopped = True
    clock.now += 1
    dashboard.update(0, loss=1.0)
    assert len(dashboard._state["history"]) == 4 * len(COLUMNS)
    assert not dashboard.stopped


def test_history_stays_short_and_loses_no_rare_value():
    history = History(rows=8)
    for step in range(1000):
        history.add(step, train_loss=1.0)
        if step % 2:
            history.add(step, val_loss=2.0)
    assert len(history) <= 8
    assert history.last_step == 999
    # Rows that were merged once hold both of what their steps gave.
    assert np.isfinite(history.column("val_loss")[:4]).all()


def test_bytes_from_the_browser_are_taken(dashboard):
    dashboard.set_state({"stopped": True, "_val_labels": memoryview(b"\1\2")})
    assert dashboard.stopped
    assert dashboard._val_labels == b"\1\2"


def test_figure_has_the_six_panels_also_with_little_given(dashboard):
    dashboard.update(0, loss=1.0)
    assert len(dashboard.figure().axes) == 6
    dashboard.update(1, batch=(IMAGES, LABELS, LABELS), val_predictions=LABELS * 0, biases=[1.0])
    assert len(dashboard.figure().axes) == 6
    with pytest.raises(ValueError, match='a history with "step"'):
        draw_dashboard({})


def test_imports_stay_light():
    code = (
        "import sys, workshop; assert 'anywidget' not in sys.modules;"
        "from workshop.widgets import TrainingDashboard as T;"
        "heavy = {'tensorflow', 'keras', 'matplotlib'} & set(sys.modules); assert not heavy, heavy;"
        "import numpy as np; d = T(np.zeros((3, 784)), [1, 2, 3]);"
        "d.update(0, loss=1.0); d.finish(); print(d); d._ipython_display_()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == ["step 0 · loss: training 1.000"] * 2


def run(*cells):
    cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", timeout=60, allow_errors=True).execute()
    return notebook.cells


SETUP = """import numpy as np
from workshop.widgets import TrainingDashboard
dashboard = TrainingDashboard(np.zeros((20, 28, 28)), np.arange(20) % 10)
dashboard"""
LOOP = """for step in range(50):
    dashboard.update(step, loss=1.0, val_predictions=np.zeros((20, 10)))
{end}"""


@pytest.fixture(scope="module")
def cells():
    return run(
        SETUP,
        LOOP.format(end="raise KeyboardInterrupt"),
        "running = dashboard._state['running']; dashboard.stopped = True",
        "print(running, dashboard.stopped)",
        "dashboard",
        "dashboard.update(60, loss=0.5); print(dashboard._state['running'])",
    )


def test_a_saved_notebook_has_its_still_also_after_an_interrupt(cells):
    live, still = cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in live.data
    assert base64.b64decode(still.data["image/png"]).startswith(b"\x89PNG")
    assert "step 60 · loss: training 0.500" in still.metadata["image/png"]["alt"]
    assert "showStill(" in still.data["text/html"]
    assert '"step": 60, "running": false' in still.data["text/html"]
    said = [output.text for output in cells[1].outputs if output.output_type == "stream"]
    assert any(
        "step 49 · loss: training 1.000 · accuracy: validation 0.100" in text for text in said
    )


def test_the_finished_dashboard_wakes_up_again(cells):
    assert cells[3].outputs[0].text.startswith("False")
    assert "image/png" in cells[4].outputs[1].data
    assert cells[5].outputs[0].text.startswith("True")


def test_the_button_of_one_training_does_not_stop_the_next():
    cells = run(
        SETUP,
        LOOP.format(end="dashboard.stopped = True"),
        "print(dashboard.stopped)",
    )
    assert cells[2].outputs[0].text.strip() == "False"


def test_keras_callback_shows_the_model_as_keras_evaluates_it():
    keras = pytest.importorskip("keras")
    layers = [keras.layers.Rescaling(1 / 255), keras.layers.Flatten(), keras.layers.Dense(10)]
    for shape in ((28, 28), (28, 28, 1)):
        model = keras.Sequential([keras.Input(shape), *layers[:2], keras.layers.Dense(10)])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile("sgd", loss, metrics=["accuracy"])
        dashboard = TrainingDashboard(IMAGES, LABELS)
        callback = dashboard.callback(IMAGES[:20], LABELS[:20])
        data = IMAGES.reshape(-1, *shape)
        model.fit(data, LABELS, batch_size=10, epochs=2, verbose=0, callbacks=[callback])
        expected = model.evaluate(data, LABELS, verbose=0)
        assert dashboard._state["step"] == 8
        assert [last(dashboard, "val_loss"), last(dashboard, "val_accuracy")] == pytest.approx(
            expected, rel=1e-3
        )
        assert last(dashboard, "weights_6") == pytest.approx(model.layers[-1].kernel.numpy().max())
        assert last(dashboard, "biases_6") == pytest.approx(model.layers[-1].bias.numpy().max())


def test_keras_stops_when_the_button_was_pressed():
    keras = pytest.importorskip("keras")
    model = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    dashboard = TrainingDashboard(IMAGES, LABELS)
    press = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda batch, logs: setattr(dashboard, "stopped", True)
    )
    watch = dashboard.callback(IMAGES, LABELS)
    model.fit(IMAGES, LABELS, batch_size=10, epochs=5, verbose=0, callbacks=[press, watch])
    assert dashboard._state["step"] == 1
