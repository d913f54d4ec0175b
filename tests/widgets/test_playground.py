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
from workshop.widgets.playground import controls, training
from workshop.widgets.playground.choice import Choice, presets
from workshop.widgets.playground.clouds import EMPTY, OWN, as_clouds, cloud_of, drawn
from workshop.widgets.playground.figure import draw_playground
from workshop.widgets.playground.network import Network, as_signs, keras_code
from workshop.widgets.playground.state import as_levels, thinned
from workshop.widgets.playground.training import Ending

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
    playground.train(20)
    training = playground._session.training
    training.first, training.loss = 0.7, 4e7
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
        assert seen > 5
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
    monkeypatch.setattr("workshop.widgets.playground.controls.SLOW_UNTIL", 0)

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


# Points -------------------------------------------------------------------------------------------


def test_more_noise_pushes_the_same_points_further_the_same_way():
    given = as_clouds({"rings": rings()})["rings"]
    clean, little, much = (
        cloud_of(given, noise=noise, testing=False).points for noise in (0.0, 0.1, 0.2)
    )
    assert np.allclose(much - clean, 2 * (little - clean), atol=1e-5)
    assert 0.08 < (little - clean).std() < 0.12
    wide = cloud_of((1000 * given[0], given[1]), noise=0.1, testing=False).points
    assert np.allclose(wide, 1000 * little, rtol=1e-3, atol=0.1)
    own = cloud_of(given, noise=0.2, testing=False, is_own=True)
    assert np.array_equal(own.points, clean)


def test_half_of_each_class_is_for_testing():
    cloud = cloud_of(as_clouds(CLOUDS)["spirals"], noise=0.0, testing=True)
    points, labels = cloud.to_train
    assert (len(points), labels.sum(), cloud.tested.sum()) == (200, 100, 200)
    alone = cloud_of((np.zeros((1, 2)), np.array([1])), noise=0.0, testing=True, is_own=True)
    assert len(alone.to_train[0]) == 1  # a first point is never kept from the training


def test_points_drawn_by_hand_stay_inside_and_have_a_class():
    own = drawn(EMPTY, [[0.5, 0.5], [3, 0]], 0)
    points, labels = drawn(own, [[-1, 1]], 1)
    assert (points.tolist(), labels.tolist()) == ([[0.5, 0.5], [-1, 1]], [0, 1])
    many = drawn(own, np.zeros((1500, 2)).tolist(), 1)
    assert len(many[0]) == len(many[1]) == 1000
    for points, label in (([[1, 2, 3]], 0), ([[0, 0]], 2)):
        with pytest.raises(ValueError, match="Expected points as pairs"):
            drawn(own, points, label)


def test_own_points_are_drawn_and_trained_on():
    async def scenario(playground, send):
        send("choose", choice={"cloud": OWN, "testing": False})
        send("run")
        await asyncio.sleep(0.1)
        assert "no points to train on yet" in playground._state["problem"]
        assert (playground._state["accuracy"], playground.step_count) == ("-", 0)
        assert "accuracy -" in playground.summary()
        model = playground.model
        send("draw", points=[[0.5, 0.5], [0.6, 0.5]], label=1)
        send("draw", points=[[-0.5, -0.5]], label=0)
        send("step")
        await asyncio.sleep(0.1)
        assert (playground._state["problem"], playground.step_count) == ("", 1)
        assert playground.model is model  # points come and the training goes on
        assert list(playground._state["labels"]) == [1, 1, 0]
        send("take_back", count=1)
        await asyncio.sleep(0.05)
        assert list(playground._state["labels"]) == [1, 1]
        send("choose", choice={"cloud": "rings"})
        send("choose", choice={"cloud": OWN})
        await asyncio.sleep(0.05)
        assert len(playground._state["points"]) == 16  # they are kept
        send("take_back")
        await asyncio.sleep(0.05)
        assert playground._state["points"] == b""

    obey(scenario)


def test_training_by_code_without_points_says_so(playground, capsys):
    playground.choose(cloud=OWN, testing=True)
    assert "loss" not in playground.summary()
    assert playground._state["test_loss"] == "-"
    playground.train(5)
    assert "no points to train on yet" in capsys.readouterr().out
    assert playground.step_count == 0
    assert len(playground.figure().axes) == 2


def test_points_for_testing_are_not_trained_on_and_their_loss_is_that_of_keras():
    pytest.importorskip("keras").utils.set_random_seed(0)
    playground = Playground(build_keras, CLOUDS)
    playground.choose(cloud="rings", noise=0.2, testing=True)
    seen = []
    take = playground.model.train_on_batch
    playground.model.train_on_batch = lambda x, y, **more: seen.append(x) or take(x, y, **more)
    playground.train(21)
    cloud = playground._session.training.cloud
    assert {len(points) for points in seen} == {200}
    history = playground.history
    assert list(history) == ["step", "loss", "accuracy", "test_loss", "test_accuracy"]
    assert len(history["test_loss"]) == len(history["step"]) == 3
    targets = cloud.labels[cloud.tested].astype("float32")[:, None]
    expected = playground.model.evaluate(cloud.points[cloud.tested], targets, verbose=0)
    assert history["test_loss"][-1] == pytest.approx(expected[0], rel=1e-4)
    assert history["test_accuracy"][-1] == pytest.approx(expected[1], abs=1e-6)
    assert set(playground._state["labels"]) == {0, 1, 2, 3}
    assert "loss" in playground.summary()
    assert playground.summary().count("test ") == 2


@pytest.mark.parametrize(
    ("given", "said"), [({"noise": -1}, "noise to be a number"), ({"noise": "a"}, "got 'a'")]
)
def test_a_noise_that_cannot_be_is_refused(playground, given, said):
    with pytest.raises(ValueError, match=said):
        playground.choose(**given)


# The end of a training ----------------------------------------------------------------------------


def seen_by_ending(losses, start=0):
    ending = Ending(start)
    for step, loss in enumerate(losses, start + 1):
        ending.see(step, loss)
    return ending.why


def test_a_training_ends_when_it_has_nothing_more_to_show():
    falling = 0.7 * 0.999 ** np.arange(10_000)
    assert seen_by_ending(falling[:5000]) == ""
    assert seen_by_ending([*falling[:500], *[9e-4] * 499]) == ""
    assert seen_by_ending([*falling[:500], *[9e-4] * 500]) == "converged"
    assert seen_by_ending([*[9e-4] * 400, 0.01, *[9e-4] * 400]) == ""
    assert seen_by_ending([0.7] * 2000) == ""
    assert seen_by_ending([0.7] * 2001) == "settled"
    assert seen_by_ending(0.7 * 0.9999 ** np.arange(1500)) == ""
    assert seen_by_ending(0.7 * 0.9997 ** np.arange(10_000)) == "long"
    assert seen_by_ending([9e-4] * 499, start=5000) == ""


@pytest.mark.parametrize(
    ("cloud", "limits", "said"),
    [
        ("two lines", {"LOW": 10, "LOW_FOR": 30}, "Converged: the loss has stayed below"),
        ("two lines", {"SETTLED": 300}, "Settled: in "),
        ("rings", {"SETTLED": 30}, "Stuck: after "),
        ("two lines", {"LONG": 30}, "Paused after "),
    ],
)
def test_run_stops_by_itself_says_why_and_goes_on(monkeypatch, cloud, limits, said):
    for name, value in limits.items():
        monkeypatch.setattr(training, name, value)
    monkeypatch.setattr(controls, "SLOW_UNTIL", 0)

    async def until_it_stops(playground):
        for _ in range(400):
            await asyncio.sleep(0.02)
            if not playground._state["running"]:
                return

    async def scenario(playground, send):
        send("choose", choice={"cloud": cloud, "learning_rate": 1.0})
        send("run")
        await asyncio.sleep(0)
        await until_it_stops(playground)
        assert not playground._session.is_running
        note, steps = playground._state["note"], playground.step_count
        assert note.startswith(said)
        assert "Run to go on" in note
        send("run")
        await until_it_stops(playground)
        assert playground.step_count > steps
        send("step")
        await asyncio.sleep(0.05)
        assert not playground._state["note"].startswith(said)

    obey(scenario)


def test_a_training_by_code_takes_all_its_steps(monkeypatch, playground):
    monkeypatch.setattr(training, "LONG", 10)
    playground.train(50)
    assert playground.step_count == 50


def test_the_first_steps_are_slow_enough_to_be_seen():
    async def scenario(playground, send):
        seen = set()
        playground.observe(lambda change: seen.add(change["new"]["step"]), "_state")
        send("run")
        await asyncio.sleep(0.8)
        send("pause")
        await asyncio.sleep(0.1)
        assert {1, 2, 3, 4, 5} <= seen

    obey(scenario)


def test_a_loss_that_leapt_and_a_training_that_is_stuck_are_said(playground):
    playground.choose(cloud="rings")
    playground.train(600)
    assert playground._state["note"].startswith("Stuck so far: ")
    playground._session.training.peak = (3, 2e4)
    playground._publish()
    assert "to 2.0e+04 at step 3" in playground._state["note"]
    assert "a learning rate below 0.01" in playground._state["note"]


# The network --------------------------------------------------------------------------------------


def test_maps_weights_and_biases_are_those_of_the_model():
    keras = pytest.importorskip("keras")
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(12, "tanh", bias_initializer="normal"),
            keras.layers.Dense(3),
            keras.layers.ReLU(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(1, "sigmoid"),
        ]
    )
    network = Network(model, [(-1, 1), (-2, 2)])
    given, first, second, output = network.columns()
    assert [column.units for column in (given, first, second, output)] == [2, 12, 3, 1]
    assert given.maps.shape == (2, 20, 20)
    assert (given.maps[0][:, -1] == 1).all()
    assert (given.maps[1][0] == -2).all()
    assert np.allclose(first.weights, np.asarray(model.layers[0].kernel)[:, :8])
    assert np.allclose(first.biases, np.asarray(model.layers[0].bias)[:8])
    assert (second.weights.shape, second.maps.min()) == ((8, 3), 0)  # after its ReLU
    corner = np.asarray(model(np.array([[1.0, -2.0]], "float32")))[0, 0]
    assert output.maps[0][0, -1] == pytest.approx(corner, rel=1e-4)
    assert network.left_out == "Left out of the network's picture: ReLU, Dropout."


def test_a_model_that_is_no_chain_has_no_picture_and_says_so():
    keras = pytest.importorskip("keras")
    inputs = keras.Input((2,))
    hidden = keras.layers.Dense(2, "tanh")(inputs)
    outputs = keras.layers.Dense(1, "sigmoid")(keras.layers.Concatenate()([inputs, hidden]))
    network = Network(keras.Model(inputs, outputs), [(-1, 1), (-1, 1)])
    assert network.columns() == []
    assert "not one chain" in network.left_out
    assert Network(Line(0.1), [(-1, 1), (-1, 1)]).columns() == []


def test_the_state_has_the_units_and_stays_small():
    pytest.importorskip("keras").utils.set_random_seed(0)
    playground = Playground(build_keras, CLOUDS)
    before = playground._state["columns"]
    playground.train(20)
    columns = playground._state["columns"]
    assert [column["units"] for column in columns] == [2, 16, 16, 1]
    assert [len(column["maps"]) for column in columns] == [800, 3200, 3200, 400]
    assert [len(column["weights"]) for column in columns] == [0, 64, 256, 32]
    assert columns[1]["maps"] != before[1]["maps"]
    output = np.frombuffer(columns[-1]["maps"], np.uint8)
    assert output.min() < 127 < output.max()  # one half is in the middle
    assert len(playground.figure().axes) == 3


def test_signs_keep_zero_in_the_middle():
    assert as_signs(np.array([[-4.0, 0.0, 2.0]])).tolist() == [[0, 127, 190]]
    assert as_signs(np.array([[np.inf, 0.0]])).tolist() == [[254, 127]]


def test_the_code_builds_the_same_network():
    keras = pytest.importorskip("keras")
    playground = Playground(lambda *given: build_keras(*given, optimizer="SGD"), CLOUDS)
    playground.choose(hidden_units=[5, 3], activation="elu", learning_rate=0.3)
    made = {}
    exec(playground._state["code"], made)
    ours, theirs = made["model"], playground.model
    assert [type(layer) for layer in ours.layers] == [type(layer) for layer in theirs.layers]
    for one, other in zip(ours.layers, theirs.layers, strict=True):
        assert (one.units, one.activation) == (other.units, other.activation)
    assert isinstance(ours.optimizer, keras.optimizers.SGD)
    assert float(ours.optimizer.learning_rate) == pytest.approx(0.3)
    assert ours.loss == theirs.loss


def test_the_code_of_other_models_is_the_learners_own_call():
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dropout(0.1), keras.layers.Dense(1)])
    choice = Choice("rings", (4,), "tanh", 0.1)
    assert keras_code(model, choice) == 'model = build_model([4], "tanh", 0.1)\n'
    assert 'layers.Dense(4, activation="tanh"),' in keras_code(Line(0.1), choice)


# Choices worth a look -----------------------------------------------------------------------------


def test_presets_are_choices_of_clouds_that_are_there(playground):
    found = presets(CLOUDS)
    assert len(found) >= 5
    for preset in found:
        named = preset.choice._asdict()
        assert preset.choice == Choice("rings").changed(CLOUDS, **named)
        assert preset.reason.endswith(".")
    assert {preset.choice.cloud for preset in presets({"rings": None})} == {"rings"}
    sent = playground._options["presets"][0]
    assert sent["choice"]["hidden_units"] == []


@pytest.mark.parametrize(
    ("name", "steps", "low", "high"),
    [
        ("rings, no hidden layer", 300, 0.4, 0.6),
        ("rings, 2 units", 600, 0.6, 0.95),
        ("rings, two linear layers", 300, 0.4, 0.65),
        ("rate too high", 100, 0.4, 0.9),
        ("six sigmoid layers", 300, 0.4, 0.75),
    ],
)
def test_presets_show_what_they_say(name, steps, low, high):
    pytest.importorskip("keras").utils.set_random_seed(0)
    playground = Playground(build_keras, CLOUDS)
    [preset] = [preset for preset in presets(CLOUDS) if preset.name == name]
    playground.choose(**preset.choice._asdict())
    playground.train(steps)
    assert low <= playground.history["accuracy"][-1] <= high


def test_the_preset_of_overfitting_overfits():
    pytest.importorskip("keras").utils.set_random_seed(0)
    playground = Playground(build_keras, CLOUDS)
    [preset] = [preset for preset in presets(CLOUDS) if preset.name == "overfitting"]
    playground.choose(**preset.choice._asdict())
    playground.train(800)
    history = playground.history
    assert history["loss"][-1] < 0.6 * history["loss"][2]
    assert history["test_loss"][-1] > 1.5 * min(history["test_loss"])
    drawn_lines = playground.figure().axes[1].lines
    assert [line.get_label() for line in drawn_lines] == ["training", "test"]


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
