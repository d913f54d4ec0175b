"""The callback shows what `model.evaluate` says, on the scale that was handed in."""

import re
import warnings

import numpy as np
import pytest

from workshop.data import load_mnist
from workshop.widgets import TrainingDashboard
from workshop.widgets.dashboard.history import COLUMNS

keras = pytest.importorskip("keras")
layers = keras.layers

(X_TRAIN, Y_TRAIN), (X_TEST, Y_TEST) = load_mnist("sample")
X_TRAIN, Y_TRAIN, X_TEST, Y_TEST = X_TRAIN[:2000], Y_TRAIN[:2000], X_TEST[:300], Y_TEST[:300]
SCALES = {
    "0..255": lambda images: images,
    "0..1": lambda images: images / 255,
    "-1..1": lambda images: images / 127.5 - 1,
    "standardised": lambda images: (images / 255 - 0.1307) / 0.3081,
    "paper is 1": lambda images: 1 - images / 255,
    "float16": lambda images: (images / 255).astype("float16"),
    "float32 0..255": lambda images: images.astype("float32"),
    "flat": lambda images: (images / 255).reshape(-1, 784),
    "channels": lambda images: (images / 255).astype("float32")[..., None],
    "tensor": lambda images: keras.ops.convert_to_tensor((images / 255).astype("float32")),
    "list": lambda images: (images / 255).tolist(),
}


def last(dashboard, *names):
    table = np.frombuffer(dashboard._state["history"], "<f4").reshape(-1, len(COLUMNS))
    return [table[-1, COLUMNS.index(name)] for name in names]


def network(*first, end="softmax", hidden=()):
    keras.utils.set_random_seed(0)
    inside = [layers.Flatten(), layers.Dense(48, "relu"), *hidden, layers.Dense(10, end)]
    return keras.Sequential([keras.Input((28, 28)), *first, *inside])


def trained(model, fit, handed, *, epochs=2, labels=(Y_TRAIN, Y_TEST), to_fit=Y_TRAIN):
    """Train, and give the dashboard, which got other things than `fit`, perhaps."""
    dashboard = TrainingDashboard(handed(X_TEST), labels[1])
    watch = dashboard.callback(handed(X_TRAIN), labels[0])
    data = keras.ops.convert_to_numpy(fit(X_TRAIN))
    model.fit(data, to_fit, batch_size=50, epochs=epochs, verbose=0, callbacks=[watch])
    return dashboard


def evaluated(model, images, labels=Y_TEST):
    images = np.asarray(images).reshape(-1, *model.input_shape[1:])
    return model.evaluate(images, labels, batch_size=100, verbose=0)


@pytest.mark.parametrize("name", SCALES)
def test_it_is_what_evaluate_says_on_each_scale_and_in_each_form(name):
    scale = SCALES[name]
    model = network()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    fit = SCALES["0..1"] if name in {"flat", "channels", "list", "tensor"} else scale
    dashboard = trained(model, fit, scale)
    expected = evaluated(model, keras.ops.convert_to_numpy(scale(X_TEST)))
    assert last(dashboard, "val_loss", "val_accuracy") == pytest.approx(expected, rel=1e-4)
    assert np.array_equal(dashboard.x_val, np.asarray(scale(X_TEST)))
    assert dashboard.note() == ""


@pytest.mark.parametrize("end", ["softmax", None])
@pytest.mark.parametrize(
    ("first", "hidden"),
    [
        ([layers.Rescaling(1 / 255)], []),
        ([layers.Rescaling(1 / 127.5, -1)], [layers.Dropout(0.5)]),
        ([], [layers.BatchNormalization(momentum=0.9)]),
    ],
)
def test_layers_that_work_otherwise_in_training_are_tested_as_evaluate_does(first, hidden, end):
    fresh = [type(layer).from_config(layer.get_config()) for layer in [*first, *hidden]]
    model = network(*fresh[: len(first)], hidden=fresh[len(first) :], end=end)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=end is None)
    model.compile("adam", loss, metrics=["accuracy"])
    dashboard = trained(model, SCALES["0..255"], SCALES["0..255"])
    expected = evaluated(model, X_TEST)
    assert last(dashboard, "val_loss", "val_accuracy") == pytest.approx(expected, rel=1e-4)
    assert dashboard.note() == ""


def focal(labels, scores):
    labels = keras.ops.cast(keras.ops.reshape(labels, [-1]), "int32")
    chances = keras.ops.sum(scores * keras.ops.one_hot(labels, 10), axis=-1)
    return -((1 - chances) ** 2) * keras.ops.log(chances + 1e-7)


ONE_HOT = np.eye(10, dtype="float32")


@pytest.mark.parametrize(
    ("loss", "to_fit", "handed"),
    [
        ("categorical_crossentropy", ONE_HOT, ONE_HOT),
        ("categorical_crossentropy", ONE_HOT, np.arange(10)),
        ("sparse_categorical_crossentropy", np.arange(10), ONE_HOT),
        ("sparse_categorical_crossentropy", np.arange(10), np.arange(10)[:, None]),
        (keras.losses.CategoricalCrossentropy(label_smoothing=0.1), ONE_HOT, ONE_HOT),
        ("mse", ONE_HOT, ONE_HOT),
        ("mse", ONE_HOT, np.arange(10)),
        (keras.losses.MeanSquaredError(), ONE_HOT, np.arange(10)),
        (focal, np.arange(10), np.arange(10)),
    ],
)
def test_the_loss_is_the_one_of_compile_with_labels_in_either_form(loss, to_fit, handed):
    model = network()
    model.compile("adam", loss)
    labels = (handed[Y_TRAIN], handed[Y_TEST])
    dashboard = trained(
        model, SCALES["0..1"], SCALES["0..1"], labels=labels, to_fit=to_fit[Y_TRAIN]
    )
    expected = evaluated(model, X_TEST / 255, to_fit[Y_TEST])
    assert last(dashboard, "val_loss") == [pytest.approx(expected, rel=1e-4)]
    assert dashboard.note() == ""


def test_penalties_are_in_the_loss_as_in_that_of_evaluate():
    hidden = [layers.Dense(20, kernel_regularizer="l2"), layers.ActivityRegularization(1e-4)]
    model = network(hidden=hidden)
    model.compile("adam", "sparse_categorical_crossentropy")
    dashboard = trained(model, SCALES["0..1"], SCALES["0..1"])
    # Keras counts the penalty of activities a batch: evaluated in one, as the dashboard does.
    expected = model.evaluate(X_TEST / 255, Y_TEST, batch_size=len(X_TEST), verbose=0)
    assert last(dashboard, "val_loss") == [pytest.approx(expected, rel=1e-4)]


def test_a_model_that_is_surer_than_numbers_can_say_has_the_loss_of_evaluate():
    """Of probabilities alone it would be 16 at most: 1e-7 is the smallest that Keras takes."""
    model = network()
    model.compile(keras.optimizers.SGD(0.003), "sparse_categorical_crossentropy")
    dashboard = trained(model, SCALES["0..255"], SCALES["0..255"], epochs=1)
    model.layers[-1].set_weights([w * 1000 for w in model.layers[-1].get_weights()])
    watch = dashboard.callback(X_TRAIN, Y_TRAIN)
    watch.set_model(model)
    watch.on_train_begin()
    watch.step = 100
    watch.on_train_end()
    expected = evaluated(model, X_TEST)
    assert expected > 20
    assert last(dashboard, "val_loss") == [pytest.approx(expected, rel=1e-4)]


def test_metrics_of_the_training_are_not_touched():
    model = network()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    histories = []
    for watched in (False, True):
        model = network()
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        dashboard = TrainingDashboard(X_TEST / 255, Y_TEST, updates_per_second=1000)
        watch = [dashboard.callback(X_TRAIN / 255, Y_TRAIN)] * watched
        history = model.fit(X_TRAIN / 255, Y_TRAIN, epochs=2, verbose=0, callbacks=watch)
        histories.append(history.history)
    assert histories[0] == histories[1]


def test_a_loss_of_its_own_that_looks_at_the_images_is_shown():
    class Own(keras.Sequential):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
            return keras.ops.mean(focal(y, y_pred)) + keras.ops.mean(x)

    model = Own([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, "softmax")])
    model.compile("sgd")
    dashboard = trained(model, SCALES["0..1"], SCALES["0..1"])
    expected = model.evaluate(X_TEST / 255, Y_TEST, batch_size=len(X_TEST), verbose=0)
    assert last(dashboard, "val_loss") == [pytest.approx(expected, rel=1e-4)]


def test_a_step_of_its_own_without_a_loss_shows_the_cross_entropy():
    class Own(keras.Sequential):
        def train_step(self, data):
            return {"loss": keras.ops.sum(self(data[0], training=True)) * 0}

    model = Own([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, "softmax")])
    model.compile("sgd")
    dashboard = trained(model, SCALES["0..1"], SCALES["0..1"])
    other = keras.losses.sparse_categorical_crossentropy(
        Y_TEST, model.predict(X_TEST / 255, verbose=0)
    )
    assert last(dashboard, "val_loss") == [pytest.approx(float(np.mean(other)), rel=1e-4)]


@pytest.mark.parametrize(
    ("first", "fit", "handed", "scale"),
    [
        ([], "0..1", "0..255", "0 for the paper to 1 for the ink"),
        ([], "-1..1", "0..255", "-1 for the paper to 1 for the ink"),
        ([], "standardised", "0..255", "-0.42 for the paper to 2.82 for the ink"),
        ([], "paper is 1", "0..1", "1 for the paper to 0 for the ink"),
        ([layers.Rescaling(1 / 255)], "0..255", "0..1", "0 for the paper to 255 for the ink"),
        ([layers.BatchNormalization(momentum=0.9)], "0..1", "0..255", "0 for the paper to 1"),
    ],
)
def test_another_scale_than_that_of_fit_is_said(first, fit, handed, scale):
    model = network(*(type(layer).from_config(layer.get_config()) for layer in first))
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy")
    dashboard = trained(model, SCALES[fit], SCALES[handed], epochs=6)
    assert f"with values from {scale}" in dashboard._state["note"]
    assert (
        "Give TrainingDashboard and its callback the digits as fit gets them." in dashboard.note()
    )
    title = dashboard.figure().get_suptitle()
    assert "as fit gets them." in title.replace("\n", " ")
    shown, there = (
        model.evaluate(np.asarray(SCALES[name](X_TRAIN[:1000])), Y_TRAIN[:1000], verbose=0)
        for name in (handed, fit)
    )
    said = float(re.search(r"it is (\d+\.\d+)", dashboard.note())[1])
    assert said == pytest.approx(shown, rel=0.01)
    assert there < shown / 1.5


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("scale", ["0..255", "0..1"])
def test_nothing_is_said_of_a_training_on_the_scale_that_was_handed_in(scale, optimizer):
    for hidden in ([], [layers.Dropout(0.5)], [layers.BatchNormalization()]):
        model = network(hidden=hidden)
        model.compile(optimizer, "sparse_categorical_crossentropy")
        assert trained(model, SCALES[scale], SCALES[scale], epochs=3).note() == ""


def test_nothing_is_said_of_a_model_that_does_not_learn():
    model = network()
    model.compile(keras.optimizers.SGD(0.0), "sparse_categorical_crossentropy")
    assert trained(model, SCALES["0..1"], SCALES["0..255"]).note() == ""


def test_the_next_training_on_the_right_scale_is_not_blamed():
    model = network()
    model.compile("adam", "sparse_categorical_crossentropy")
    dashboard = trained(model, SCALES["0..1"], SCALES["0..255"], epochs=4)
    assert dashboard.note()
    model = network(layers.Rescaling(1 / 255))
    model.compile("adam", "sparse_categorical_crossentropy")
    watch = dashboard.callback(X_TRAIN, Y_TRAIN)
    model.fit(X_TRAIN, Y_TRAIN, epochs=2, verbose=0, callbacks=[watch])
    assert dashboard.note() == ""


def test_two_scales_in_one_dashboard_are_refused():
    dashboard = TrainingDashboard(X_TEST, Y_TEST)
    said = "scale of the dashboard's x_val, whose values go from 0 to 255, got values from 0 to 1"
    with pytest.raises(ValueError, match=said):
        dashboard.callback(X_TRAIN / 255, Y_TRAIN)
    dashboard.callback(X_TRAIN * 0, Y_TRAIN)
    TrainingDashboard(X_TEST / 255, Y_TEST).callback(X_TRAIN / np.float32(255), Y_TRAIN)


def test_what_the_owner_does_later_does_not_reach_the_dashboard():
    images = X_TEST / 255
    dashboard = TrainingDashboard(images, Y_TEST)
    images *= 255
    assert dashboard.x_val.max() == 1


def test_a_dataset_is_no_array():
    dashboard = TrainingDashboard(X_TEST, Y_TEST)
    with warnings.catch_warnings(), pytest.raises(ValueError, match=r"x_train: expected shape"):
        warnings.simplefilter("ignore")
        dashboard.callback(iter([(X_TRAIN, Y_TRAIN)]), Y_TRAIN)
