"""Real networks on the pad: those trained on another scale are suspected, others are not."""

import numpy as np
import pytest
from drawings import photograph

from workshop.data import load_mnist
from workshop.widgets import DigitPad

keras = pytest.importorskip("keras")
layers = keras.layers

(X_TRAIN, Y_TRAIN), _ = load_mnist("sample")
X_TRAIN, Y_TRAIN = X_TRAIN[:3000], Y_TRAIN[:3000]


def trained(*first, images, shape=(28, 28), end="softmax", hidden=(), epochs=4):
    keras.utils.set_random_seed(0)
    inside = [layers.Flatten(), layers.Dense(64, "relu"), *hidden, layers.Dense(10, end)]
    model = keras.Sequential([keras.Input(shape), *first, *inside])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=end is None)
    model.compile("adam", loss)
    images = images.reshape(-1, *shape)
    model.fit(images, Y_TRAIN, batch_size=50, epochs=epochs, verbose=0, shuffle=True)
    return model


@pytest.mark.parametrize("end", ["softmax", None])
@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (784,)])
def test_a_network_of_the_usual_tutorial(shape, end):
    model = trained(images=X_TRAIN / 255, shape=shape, end=end)
    pad = DigitPad(model)
    assert "given as images" in pad.message
    assert "/ 255, " in pad.message
    advice = pad.message.split("pad.model = ")[1]
    pad.model = eval(advice, {"model": model})
    pad.load(photograph())
    assert pad.message == ""
    assert np.isfinite(pad.probabilities).all()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (X_TRAIN / 127.5 - 1, "images / 127.5 - 1"),
        (1 - X_TRAIN / 255, "1 - images / 255"),
        ((X_TRAIN / 255 - 0.1307) / 0.3081, "(images / 255 - 0.1307) / 0.3081"),
    ],
)
def test_other_scales(given, code):
    assert f"given as {code}, " in DigitPad(trained(images=given)).message


def test_batch_normalisation_and_a_function_instead_of_the_model():
    model = trained(images=X_TRAIN / 255, hidden=[layers.BatchNormalization(momentum=0.9)])
    assert "given as images / 255" in DigitPad(model).message
    pad = DigitPad(lambda images: model(images).numpy())
    assert pad.message == ""  # a function is not asked before its first digit was read
    pad.load(photograph())
    assert "given as images / 255" in pad.message


@pytest.mark.parametrize("epochs", [0, 1, 4])
def test_networks_on_the_scale_of_the_pad_are_not_suspected(epochs):
    models = [
        trained(layers.Rescaling(1 / 255), images=X_TRAIN, epochs=epochs),
        trained(layers.Rescaling(1 / 127.5, -1), images=X_TRAIN, epochs=epochs, end=None),
        trained(images=X_TRAIN, epochs=epochs),
        trained(images=X_TRAIN, epochs=epochs, hidden=[layers.BatchNormalization()]),
    ]
    for model in models:
        pad = DigitPad(model)
        pad.load(photograph())
        assert pad.message == ""


def test_what_is_trained_further_is_asked_again():
    model = trained(images=X_TRAIN / 255, epochs=0)
    pad = DigitPad(model)
    assert pad.message == ""
    model.fit(X_TRAIN / 255, Y_TRAIN, epochs=4, verbose=0)
    pad._suspicion._next = 0.0  # as after a while
    pad.load(photograph())
    assert "given as images / 255" in pad.message
