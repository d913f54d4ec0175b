"""What was recorded of lesson 10b is what the network gives."""

import numpy as np
import pytest

from workshop.data import load_emoji
from workshop.recognition import recorded_transfer
from workshop.recognition.transfer import FILE, STEP


@pytest.fixture(scope="module")
def recorded():
    return recorded_transfer()


def test_shapes_and_sizes(recorded):
    assert recorded.features.shape == (len(load_emoji().labels), 1280)
    assert recorded.features.dtype == np.float32
    assert recorded.apart.shape == (2,)
    assert recorded.moved.shape == (4, 3)
    assert recorded.change.shape == (3, 4)
    assert all(np.isfinite(part).all() for part in recorded)
    assert FILE.stat().st_size < 250_000


def test_the_features_are_the_networks(recorded, network):
    import keras

    images = load_emoji().images
    framed = np.pad(images, ((0, 0), (13, 13), (13, 13), (0, 0)), constant_values=255)
    some = [0, 70, 100, 120, 170, 233]  # one of each class
    large = keras.layers.Resizing(224, 224)(framed[some].astype("float32")).numpy()
    last = keras.Model(network.input, network.get_layer("features").output)
    came = last.predict(large, batch_size=6, verbose=0)
    assert np.abs(came - recorded.features[some]).max() < STEP


def test_they_tell_the_classes_apart(recorded):
    """Not in another order than the drawings: the nearest neighbour is often of the class."""
    labels = load_emoji().labels
    squares = (recorded.features**2).sum(axis=1)
    apart = squares[:, None] + squares - 2 * recorded.features @ recorded.features.T
    np.fill_diagonal(apart, np.inf)
    assert np.mean(labels[apart.argmin(axis=1)] == labels) > 0.7


def test_what_section_8_and_9_say_holds_for_the_recorded_results(recorded):
    assert recorded.apart[0] > 0.3
    assert recorded.apart[1] < 1e-5
    frozen, forgotten, called, norms_frozen = recorded.moved[:, :2]
    assert frozen.tolist() == [0, 0]
    assert forgotten.tolist() == called.tolist() == [12, 8]
    assert norms_frozen[1] == 0 < norms_frozen[0]
    assert (recorded.change[:, -1] < -0.1).all()
