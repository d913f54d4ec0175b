"""The dashboard: what it takes, what it sends, when it draws, and what it leaves behind."""

import base64
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
    def __init__(self, monkeypatch):
        self.now = 100.0
        monkeypatch.setattr("workshop.widgets.dashboard.widget.time.monotonic", lambda: self.now)


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


def test_loss_is_a_number_or_a_pair():
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
        test_predictions=scores,
        weights=[np.zeros((784, 10)), np.ones((3, 3))],
        biases=np.arange(10),
    )
    frame = dashboard._state
    assert frame["step"] == 3
    assert np.frombuffer(frame["test"]["order"], "<u2")[:3].tolist() == [5, 9, 0]
    assert len(frame["batch"]["images"]) == 8 * 784
    assert last(dashboard, "train_accuracy") == pytest.approx(7 / 8)
    assert last(dashboard, "test_accuracy") == pytest.approx(38 / 40)
    assert (last(dashboard, "weights_0"), last(dashboard, "weights_6")) == (0, 1)
    assert last(dashboard, "biases_3") == 4.5
    assert repr(dashboard) == (
        "step 3 · loss: training 0.500, test 0.250 · accuracy: training 0.875, test 0.950"
    )


def test_predictions_may_be_for_all_the_test_images_given():
    dashboard = TrainingDashboard(IMAGES, LABELS, test_examples=10)
    predictions = LABELS.copy()
    predictions[30:] = (predictions[30:] + 1) % 10
    dashboard.update(0, test_predictions=predictions)
    assert last(dashboard, "test_accuracy") == pytest.approx(0.75)
    assert len(dashboard._state["test"]["predictions"]) == 10
    dashboard = TrainingDashboard(IMAGES, LABELS, test_examples=10)
    with pytest.raises(ValueError, match=r"expected 10 test_predictions.*or all 40, got 7"):
        dashboard.update(0, test_predictions=predictions[:7])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"batch": (IMAGES, LABELS)}, r"\(images, labels, predictions\), got a tuple of length 2"),
        ({"batch": IMAGES}, "ndarray"),
        ({"batch": (IMAGES, LABELS[:3], LABELS)}, "images: 40, labels: 3, predictions: 40"),
        ({"test_predictions": LABELS[:7]}, "expected 40 test_predictions.*x_test, got 7"),
        ({"test_predictions": np.zeros((40, 9))}, r"10 scores per image.*got shape \(40, 9\)"),
        ({"weights": "kernel"}, "an array of numbers.*got str"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_what_is_needed(dashboard, given, said):
    with pytest.raises(ValueError, match=said):
        dashboard.update(0, **given)


def test_test_images_and_labels_must_fit():
    with pytest.raises(ValueError, match="x_test: 40, y_test: 39"):
        TrainingDashboard(IMAGES, LABELS[1:])


def test_due_follows_the_clock(dashboard, clock):
    assert dashboard.due()
    assert dashboard.due()  # nothing was drawn yet
    dashboard.update(0, loss=1.0)
    assert not dashboard.due()
    clock.now += 0.24
    assert not dashboard.due()
    clock.now += 0.02
    assert dashboard.due()


def test_slow_evaluation_is_asked_for_less_often(dashboard, clock):
    pauses = []
    for step in range(4):
        asked = clock.now
        assert dashboard.due()
        clock.now += 3.0 if step == 0 else 0.1  # the first one traces functions
        dashboard.update(step, loss=1.0)
        while not dashboard.due():
            clock.now += 0.01
        pauses.append(clock.now - asked)
    assert pauses[0] == pytest.approx(3, abs=0.1)
    assert 0.1 / pauses[-1] < 0.05


def test_updates_between_are_kept_for_the_end(dashboard, clock):
    dashboard.update(0, loss=2.0)
    for step in range(1, 6):
        clock.now += 0.01
        dashboard.update(step, loss=1.0)
    assert dashboard._state["step"] == 0
    dashboard.finish()
    assert (dashboard._state["step"], dashboard._state["running"]) == (5, False)


def test_what_is_left_out_keeps_its_picture(dashboard, clock):
    dashboard.update(0, test_predictions=LABELS, loss=(1.0, 2.0))
    clock.now += 1
    dashboard.update(1, loss=0.5)
    assert dashboard._state["test"] is not None
    assert np.isnan(last(dashboard, "test_loss"))
    assert "loss: training 0.500, test 2.000" in dashboard.summary()


def test_nan_is_a_gap_and_is_said(dashboard):
    dashboard.update(40, loss=(float("nan"), 1.0), test_predictions=np.full((40, 10), np.nan))
    assert np.isinf(last(dashboard, "train_loss"))
    assert "training loss is NaN or infinite at step 40" in dashboard._state["note"]
    assert set(dashboard._state["test"]["predictions"]) == {255}
    assert last(dashboard, "test_accuracy") == 0


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
            history.add(step, test_loss=2.0)
    assert len(history) <= 8
    assert history.last_step == 999
    # Rows that were merged once hold both of what their steps gave.
    assert np.isfinite(history.column("test_loss")[:4]).all()


def test_bytes_from_the_browser_are_taken(dashboard):
    dashboard.set_state({"stopped": True, "_test_labels": memoryview(b"\1\2")})
    assert dashboard.stopped
    assert dashboard._test_labels == b"\1\2"


def test_figure_has_the_six_panels_also_with_little_given(dashboard):
    dashboard.update(0, loss=1.0)
    assert len(dashboard.figure().axes) == 6
    dashboard.update(1, batch=(IMAGES, LABELS, LABELS), test_predictions=LABELS * 0, biases=[1.0])
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
    dashboard.update(step, loss=1.0, test_predictions=np.zeros((20, 10)))
{end}"""


@pytest.fixture(scope="module")
def cells():
    return run(
        SETUP,
        LOOP.format(end="raise KeyboardInterrupt"),
        "shown = dashboard._output.is_over; dashboard.stopped = True",
        "print(shown, dashboard.stopped)",
        "dashboard",
        "dashboard.update(60, loss=0.5); print(dashboard._output.is_over)",
    )


def test_a_saved_notebook_has_the_still_picture_also_after_an_interrupt(cells):
    output = cells[0].outputs[-1]
    assert base64.b64decode(output.data["image/png"]).startswith(b"\x89PNG")
    assert "application/vnd.jupyter.widget-view+json" not in output.data
    assert "step 60 · loss: training 0.500" in output.metadata["image/png"]["alt"]
    said = [output.text for output in cells[1].outputs if output.output_type == "stream"]
    assert any("step 49 · loss: training 1.000 · accuracy: test 0.100" in text for text in said)


def test_the_finished_dashboard_shows_its_picture_and_wakes_up_again(cells):
    assert cells[3].outputs[0].text.startswith("True")
    assert "image/png" in cells[4].outputs[0].data
    assert cells[5].outputs[0].text.startswith("False")


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
        assert dashboard._state["step"] == 7
        assert [last(dashboard, "test_loss"), last(dashboard, "test_accuracy")] == pytest.approx(
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
    assert dashboard._state["step"] == 0
