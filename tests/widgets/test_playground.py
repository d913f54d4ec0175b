"""The playground without a browser: by code, by the messages of its controls, in a kernel."""

import asyncio
import base64
import subprocess
import sys
import time
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from workshop.data import rings, spirals, two_lines
from workshop.widgets import Playground
from workshop.widgets.playground.clouds import EMPTY, OWN, as_clouds, cloud_of, drawn
from workshop.widgets.playground.figure import draw_playground
from workshop.widgets.playground.state import as_levels, thinned

CLOUDS = {"two lines": two_lines(), "rings": rings(), "spirals": spirals()}


class Line:
    """A model of one straight line, in NumPy: has what the playground asks of Keras."""

    def __init__(self, learning_rate):
        self.weights, self.rate = np.array([0.1, -0.2, 0.0]), learning_rate
        self.resets = 0
        self.seconds = 0.0

    def __call__(self, points):
        with np.errstate(over="ignore", invalid="ignore"):
            logits = points @ self.weights[:2] + self.weights[2]
            return (1 / (1 + np.exp(-logits)))[:, None].astype("float32")

    def reset_metrics(self):
        self.resets += 1

    def train_on_batch(self, points, labels, return_dict):
        assert return_dict
        assert labels.shape == (len(points), 1)
        time.sleep(self.seconds)
        outputs = self(points)
        error = (outputs - labels)[:, 0]
        inputs = np.concatenate([points, np.ones((len(points), 1))], axis=1)
        self.weights = self.weights - self.rate * inputs.T @ error / len(points)
        return {"loss": np.float32(np.mean(error**2))}


def build_line(hidden_units, activation, learning_rate):
    assert isinstance(hidden_units, list)
    if activation == "broken":
        raise NameError("name 'kears' is not defined\nand more")
    line = Line(learning_rate)
    if activation == "nan":
        line.weights[0] = np.nan
    if activation == "slow":
        line.seconds = 0.01
    return line


def build_keras(hidden_units, activation, learning_rate, optimizer="Adam"):
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((2,))])
    for units in hidden_units:
        model.add(keras.layers.Dense(units, activation))
    model.add(keras.layers.Dense(1, "sigmoid"))
    optimizer = getattr(keras.optimizers, optimizer)(learning_rate)
    model.compile(optimizer, "binary_crossentropy", metrics=["accuracy"])
    return model


@pytest.fixture
def playground():
    return Playground(build_line, CLOUDS)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_settings_of_the_start_separate_the_spiral(seed):
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(seed)
    playground = Playground(build_keras, {"spirals": spirals()})
    playground.train(400)
    assert playground.history["accuracy"][-1] >= 0.98
    assert playground.history["loss"][-1] < 0.2 < playground.history["loss"][0]


def test_a_small_rate_with_sigmoid_does_not_separate_the_spiral():
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(0)
    playground = Playground(build_keras, {"spirals": spirals()})
    playground.choose(activation="sigmoid", learning_rate=0.001)
    playground.train(800)
    assert playground.history["accuracy"][-1] < 0.8


def test_loss_and_accuracy_are_those_of_keras():
    playground = Playground(build_keras, CLOUDS)
    playground.train(50)
    points, labels = CLOUDS["two lines"]
    expected = playground.model.evaluate(points, labels, verbose=0)
    playground.train(1)  # its loss is that of the weights before it
    assert playground.history["loss"][-1] == pytest.approx(expected[0], rel=1e-4)
    assert playground.history["accuracy"][-2] == pytest.approx(expected[1], abs=1e-6)


def test_history_has_the_first_step_each_20th_and_the_last(playground):
    playground.train(45)
    assert playground.step_count == 45
    assert playground.history["step"] == [1, 20, 40, 45]
    playground.train(0)
    assert playground.history["step"] == [1, 20, 40, 45]
    playground.history["loss"].clear()
    assert len(playground.history["loss"]) == 4


def test_running_metrics_of_older_keras_are_reset_before_a_loss_is_kept(playground):
    playground.train(45)
    assert playground.model.resets >= 4


def test_choose_and_reset_build_a_new_model(playground):
    playground.train(5)
    first = playground.model
    playground.reset()
    assert playground.model is not first
    assert (playground.step_count, playground.history["step"]) == (0, [])
    playground.choose(cloud="rings", hidden_units=np.array([4, 2]), learning_rate=np.float32(0.5))
    settings = "rings, hidden units 4, 2 (relu), learning rate 0.5"
    assert repr(playground).startswith(f"{settings} · no step yet · accuracy 0.")
    assert playground.step_count == 0
    assert playground._state["choice"]["hidden_units"] == [4, 2]
    playground.choose(hidden_units=())
    assert "no hidden layer" in playground.summary()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cloud": "moons"}, "one of two lines, rings, spirals, your own, got 'moons'"),
        ({"hidden_units": 16}, r"to be a list .* \[16, 16\].*got 16"),
        ({"hidden_units": [16, 0]}, "whole numbers from 1"),
        ({"hidden_units": [1.5]}, "whole numbers from 1"),
        ({"hidden_units": "16"}, "whole numbers from 1"),
        ({"activation": 3}, "a name that Keras knows"),
        ({"learning_rate": 0}, "number above 0"),
        ({"learning_rate": float("nan")}, "number above 0"),
        ({"learning_rate": "fast"}, "number above 0"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_changes_nothing(playground, given, said):
    playground.train(3)
    with pytest.raises(ValueError, match=said):
        playground.choose(**given)
    assert playground.step_count == 3


@pytest.mark.parametrize(
    ("clouds", "said"),
    [
        ({}, "Expected clouds to be a dict.*got {}"),
        ([rings()], "Expected clouds to be a dict.*got list"),
        ({"a": rings()[0]}, "Cloud 'a': expected a pair.*got ndarray"),
        ({"a": (np.zeros((4, 3)), np.zeros(4))}, r"shape \(n, 2\), got \(4, 3\)"),
        ({"a": (np.zeros((4, 2)), np.zeros(5))}, r"per point, shape \(4,\), got \(5,\)"),
        ({"a": (np.zeros((3, 2)), [-1, 1, 2])}, "labels 0 .*, got -1, 2 as well"),
        ({"a": (np.full((2, 2), np.nan), [0, 1])}, "NaN or infinite"),
    ],
)
def test_clouds_that_cannot_be_drawn_are_refused(clouds, said):
    with pytest.raises(ValueError, match=said):
        Playground(build_line, clouds)


def test_labels_of_usual_forms_are_taken():
    points, labels = rings(10)
    for given in (labels[:, None], labels.astype(bool), labels.astype("float64"), labels.tolist()):
        assert (as_clouds({"a": (points, given)})["a"][1] == labels).all()


@pytest.mark.parametrize("steps", [-1, 0.5])
def test_steps_are_whole_numbers(playground, steps):
    with pytest.raises(ValueError, match="whole number"):
        playground.train(steps)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (None, "to give a compiled Keras model, got NoneType"),
        (lambda points: points, "to give a compiled Keras model, got function"),
    ],
)
def test_what_build_model_gives_must_be_a_model(made, said):
    with pytest.raises(ValueError, match=said):
        Playground(lambda *_: made, CLOUDS)
    with pytest.raises(ValueError, match="build_model to be a function"):
        Playground(made, CLOUDS) if made is None else Playground(3, CLOUDS)


def test_a_keras_model_must_be_compiled_and_end_in_one_probability():
    keras = pytest.importorskip("keras")

    def build(units, activation, compiled):
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(units, activation)])
        if compiled:
            model.compile("adam", "binary_crossentropy")
        return model

    for made, said in (
        ((1, "sigmoid", False), "not compiled"),
        ((2, "softmax", True), r"\(4000, 1\) for 4000 points, got \(4000, 2\)"),
        ((1, None, True), "probabilities, 0 to 1"),
    ):
        with pytest.raises(ValueError, match=said):
            Playground(lambda *_, made=made: build(*made), CLOUDS)


def test_an_error_in_build_model_is_the_learners_own_and_can_be_left(playground):
    with pytest.raises(NameError, match="kears"):
        playground.choose(activation="broken")
    assert playground.model is None
    assert playground.step_count == 0
    assert playground._state["problem"].startswith("NameError: name 'kears' is not defined (in the")
    with pytest.raises(NameError, match="kears"):
        playground.train(1)
    with pytest.raises(ValueError, match="no model to draw"):
        playground.figure()
    playground.choose(activation="relu")
    playground.train(1)
    assert playground._state["problem"] == ""


def test_nan_stops_and_is_explained(playground, capsys):
    playground.choose(activation="nan", learning_rate=100)
    assert playground._state["accuracy"] == "0.000"
    assert set(np.frombuffer(playground._state["surface"], "<u2")) == {65535}
    playground.train(50)
    assert "The loss is NaN (not a number) at step 1" in capsys.readouterr().out
    assert "a learning rate below 100, or tanh" in playground._state["problem"]
    assert playground.step_count == 1
    assert np.isnan(playground.history["loss"]).tolist() == [True]
    with pytest.raises(ValueError, match="The loss is NaN"):
        playground.train(1)
    assert len(playground.figure().axes) == 2
    playground.choose(activation="relu", learning_rate=0.1)
    playground.train(2)
    assert playground._state["problem"] == ""


def test_keras_with_steps_that_are_too_large_is_nan():
    pytest.importorskip("keras").utils.set_random_seed(0)
    playground = Playground(lambda *given: build_keras(*given, optimizer="SGD"), CLOUDS)
    playground.choose(activation="linear", learning_rate=100)
    playground.train(100)
    assert playground.step_count < 100
    assert not np.isfinite(playground.history["loss"][-1])


def test_a_loss_that_grows_is_said(playground):
    training = playground._session.training
    training.first, training.loss, training.step_count = 0.7, 4e7, 20
    playground._publish()
    assert "from 0.700 at the first step to 4.0e+07" in playground._state["note"]


def test_a_frame_is_small_and_complete(playground):
    playground.train(10_000)
    frame = playground._state
    assert sum(len(value) for value in frame.values() if isinstance(value, bytes)) < 20_000
    assert len(frame["points"]) == 8 * len(frame["labels"]) == 8 * 400
    steps = np.frombuffer(frame["history"], "<f4").reshape(-1, 3)[:, 0]
    assert (steps[0], steps[-1], len(steps)) == (1, 10_000, 300)
    surface = np.frombuffer(frame["surface"], "<u2").reshape(60, 60) / 65534
    assert surface[-1, 0] > 0.5 > surface[0, -1]  # class 1 lies above the diagonal


def test_a_nan_at_the_end_of_a_long_history_is_kept():
    history = {"step": list(range(5000)), "loss": [0.5] * 4999 + [float("nan")]}
    assert np.isnan(thinned(history)[-1, 1])
    assert as_levels(np.array([np.nan, 2.0])).tolist() == [65535, 65534]


def test_figure_refuses_what_is_no_surface():
    with pytest.raises(ValueError, match="a surface of shape"):
        draw_playground(np.zeros(4), cloud=cloud_of(rings(), noise=0.0, testing=False))


def obey(scenario, build=build_line):
    """Run a scenario on an event loop, as a kernel has one."""

    async def main():
        playground = Playground(build, CLOUDS)

        def send(do, **more):
            playground._controls.handle_message(None, {"do": do, "number": 1, **more}, [])

        await scenario(playground, send)

    asyncio.run(main())


def test_run_pause_step_and_reset():
    async def scenario(playground, send):
        send("run")
        await asyncio.sleep(0.5)
        assert playground._session.is_running
        seen = playground.step_count
        assert seen > 20
        send("pause")
        await asyncio.sleep(0.3)
        paused = playground.step_count
        assert not playground._state["running"]
        await asyncio.sleep(0.2)
        assert playground.step_count == paused == playground._state["step"]
        send("step")
        await asyncio.sleep(0.1)
        assert playground._state["step"] == paused + 1
        send("reset")
        await asyncio.sleep(0.1)
        assert playground._state["step"] == 0
        assert playground._state["heard"] == 1

    obey(scenario)


def test_a_pause_directly_after_run_and_a_run_after_that_leave_one_training():
    async def scenario(playground, send):
        for do in ("run", "pause", "run", "run"):
            send(do)
        await asyncio.sleep(0.3)
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        assert len(tasks) == 1
        send("step")
        await asyncio.sleep(0.3)
        assert not playground._session.is_running
        assert len(asyncio.all_tasks()) == 1

    obey(scenario)


def test_a_choice_while_it_runs_goes_on_with_a_new_model():
    async def scenario(playground, send):
        send("choose", choice={"activation": "slow"})
        send("run")
        await asyncio.sleep(0.6)
        before, steps = playground.model, playground.step_count
        send("choose", choice={"cloud": "rings"})
        await asyncio.sleep(0.3)
        assert playground.model is not before
        assert playground._session.is_running
        assert 0 < playground.step_count < steps
        assert playground._state["choice"]["cloud"] == "rings"
        send("pause")
        await asyncio.sleep(0.2)

    obey(scenario)


def test_errors_and_refusals_stand_in_the_frame():
    async def scenario(playground, send):
        send("choose", choice={"hidden_units": [0]})
        await asyncio.sleep(0.05)
        assert "whole numbers from 1" in playground._state["problem"]
        assert playground.model is not None
        send("choose", choice={"activation": "broken"})
        send("run")
        await asyncio.sleep(0.1)
        assert "NameError" in playground._state["problem"]
        assert not playground._state["running"]
        send("choose", choice={"activation": "nan"})
        send("run")
        await asyncio.sleep(0.2)
        assert "The loss is NaN" in playground._state["problem"]
        send("choose", choice={"activation": "relu"})
        send("step")
        await asyncio.sleep(0.1)
        assert (playground._state["problem"], playground._state["step"]) == ("", 1)

        def fail(*_, **__):
            raise RuntimeError("shapes differ")

        playground.model.train_on_batch = fail
        send("run")
        await asyncio.sleep(0.2)
        assert playground._state["problem"].startswith("RuntimeError: shapes differ")

    obey(scenario)


@pytest.mark.parametrize(("look_s", "every_s"), [(0.03, 0.5), (0, 0.1)])
def test_pictures_take_a_small_share_of_the_time(monkeypatch, look_s, every_s):
    clock, looked = SimpleNamespace(now=100.0), []
    clock.monotonic = lambda: clock.now
    monkeypatch.setattr("workshop.widgets.playground.widget.time", clock)

    async def scenario(playground, send):
        session = playground._session
        look, advance = session.training.look, session.advance

        def slow_look():
            looked.append(clock.now)
            clock.now += look_s
            look()

        def slice_of_time(_steps, *, seconds):
            clock.now += seconds
            advance(1, seconds=seconds)
            session.is_running = len(looked) < 5

        session.training.look, session.advance = slow_look, slice_of_time
        send("run")
        await asyncio.sleep(0)
        while session.is_running:
            await asyncio.sleep(0.01)

    obey(scenario)
    gaps = np.diff(looked[:4])
    assert gaps.min() >= every_s - 1e-9  # 6 % of the time, at most ten a second
    assert gaps.max() <= every_s + 0.051  # and no later than the next slice of the training


def test_a_second_playground_pauses_the_first():
    async def scenario(playground, send):
        send("run")
        await asyncio.sleep(0.2)
        Playground(build_line, CLOUDS)
        await asyncio.sleep(0.2)
        assert not playground._state["running"]

    obey(scenario)


def test_pause_ends_a_training_by_code():
    async def scenario(playground, send):
        playground.choose(activation="slow")
        asyncio.get_running_loop().run_in_executor(None, later, send)
        playground.train(1000)
        assert 0 < playground.step_count < 200
        await asyncio.sleep(0.05)

    def later(send):
        time.sleep(0.3)
        send("pause")

    obey(scenario)


def test_without_a_notebook_it_prints_a_line_and_needs_no_framework():
    code = (
        "import sys; from workshop.widgets import Playground;"
        "heavy = {'tensorflow', 'keras', 'matplotlib'} & set(sys.modules); assert not heavy, heavy;"
        "from test_playground import build_line, CLOUDS;"
        "p = Playground(build_line, CLOUDS); p.train(3); p._ipython_display_();"
        "assert 'tensorflow' not in sys.modules"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=__file__.rpartition("/")[0],
    )
    assert ran.returncode == 0, ran.stderr
    assert "· step 3 · loss" in ran.stdout


def test_a_saved_notebook_holds_the_live_view_and_the_newest_picture():
    folder = __file__.rpartition("/")[0]
    sources = [
        f"import sys; sys.path.insert(0, {folder!r})\n"
        "from test_playground import CLOUDS, Playground, build_line\n"
        "playground = Playground(build_line, CLOUDS)\nplayground",
        "playground.train(30)",
        "print(playground.step_count)",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    live, still = notebook.cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in live.data
    assert base64.b64decode(still.data["image/png"]).startswith(b"\x89PNG")
    assert "step 30 · loss" in still.metadata["image/png"]["alt"]
    assert len(still.data["image/png"]) < 100_000
    assert notebook.cells[1].outputs == []
