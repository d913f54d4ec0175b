"""The recorded answers are the network's, and nothing is made up for other pictures."""

import numpy as np
import pytest
import tensorflow as tf

from workshop.data import imagenet_names, load_photographs
from workshop.recognition import NotRecorded, RecordedAnswers
from workshop.recognition.recorded import CLASSES, FILE, KEPT, parts_of

NAMES = imagenet_names()


@pytest.fixture(scope="module")
def recorded():
    return RecordedAnswers()


@pytest.fixture(scope="module")
def framed():
    """The photographs as lesson 10 frames them first."""
    import keras

    options = {"crop_to_aspect_ratio": True, "interpolation": "bicubic", "antialias": True}
    centre = keras.layers.Resizing(224, 224, **options)
    return {name: centre(picture).numpy() for name, picture in load_photographs().items()}


def test_it_knows_the_photographs(recorded, framed):
    answers = recorded.predict(np.array(list(framed.values())), batch_size=8, verbose=0)
    assert answers.shape == (6, CLASSES)
    assert answers.dtype == np.float32
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-3)
    best = {name: NAMES[k] for name, k in zip(framed, answers.argmax(axis=1), strict=True)}
    assert (best["coffee"], best["camera"]) == ("espresso", "tripod")
    answers[:] = 0  # they are the caller's
    assert recorded.predict(framed["coffee"][None]).max() > 0.5


def test_they_are_what_the_network_says(recorded, framed, network):
    pictures = np.array([*framed.values(), framed["camera"][::-1], framed["coffee"] / 255])
    expected = network.predict(pictures, verbose=0)
    came = recorded.predict(pictures)
    kept = np.argsort(-expected, axis=1)[:, : KEPT - 1]
    np.testing.assert_allclose(
        np.take_along_axis(came, kept, 1), np.take_along_axis(expected, kept, 1), atol=2e-3
    )
    assert (came >= 0).all()


def best_of(recorded, pictures):
    return [NAMES[k] for k in recorded.predict(np.array(pictures)).argmax(axis=1)]


def test_lesson_10_says_what_disturbs_it(recorded, framed):
    pictures = np.array([framed["coffee"], framed["camera"]])
    right = best_of(recorded, pictures)
    assert best_of(recorded, 255 - pictures) == right  # "changes next to nothing"
    cup, man = best_of(recorded, pictures / 255)  # "gets the same answers"
    assert cup == man
    assert cup not in right
    assert best_of(recorded, pictures[:, ::-1])[1] == "parachute"


def test_lesson_10_says_where_the_rig_is(recorded, framed):
    """Covered with grey, square by square: of the five largest drops most are on the masts."""
    covered = []
    for row, column in np.ndindex(7, 7):
        copy = framed["rocket"].copy()
        copy[32 * row : 32 * row + 32, 32 * column : 32 * column + 32] = 127
        covered.append(copy)
    rig = NAMES.index("drilling rig")
    columns = np.argsort(recorded.predict(np.array(covered))[:, rig])[:5] % 7
    assert np.isin(columns, [1, 5]).sum() >= 3


def test_any_kind_of_numbers_will_do(recorded, framed):
    cup = framed["coffee"][None]
    expected = recorded.predict(cup)
    for given in (cup.astype("float64"), cup.tolist(), tf.constant(cup)):
        np.testing.assert_array_equal(recorded.predict(given), expected)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: np.roll(x, 8, axis=1),
        lambda x: x * 0.95,
        lambda x: np.where(np.arange(224)[:, None, None] < 40, 127, x),
        lambda x: x / 127.5 - 1,
        lambda x: x * 0,
        lambda x: x * np.nan,
    ],
)
def test_another_picture_gets_a_sentence(recorded, framed, change):
    for picture in framed.values():
        with pytest.raises(NotRecorded, match=r"none of those .*--with recognition"):
            recorded.predict(change(picture.astype(np.float32))[None])


def test_other_shapes_are_refused(recorded, framed):
    for pixels in (framed["coffee"], np.zeros((2, 299, 299, 3)), np.zeros((1, 224, 224))):
        with pytest.raises(ValueError, match=r"expected pixels of shape \(n, 224, 224, 3\)"):
            recorded.predict(pixels)
    assert recorded.predict(np.zeros((0, 224, 224, 3))).shape == (0, CLASSES)


def test_grad_cam_is_known_for_what_the_lesson_asks(recorded, framed):
    tripod, espresso = NAMES.index("tripod"), NAMES.index("espresso")
    pictures = [framed["camera"], framed["coffee"]]
    cams = recorded.grad_cam(pictures, [tripod, espresso])
    assert cams.shape == (2, 7, 7)
    assert (cams >= 0).all()
    assert cams[0].argmax() // 7 >= 4  # its legs are below
    with pytest.raises(NotRecorded, match=f"class {espresso} of this picture"):
        recorded.grad_cam(pictures, [espresso, espresso])
    with pytest.raises(NotRecorded, match="none of those"):
        recorded.grad_cam([framed["camera"] * 0.5], [tripod])


def test_no_two_recorded_pictures_can_be_taken_for_one_another():
    with np.load(FILE) as file:
        pictures = file["pictures"].astype(np.float32)
    scale = np.abs(pictures).max((1, 2, 3))
    apart = np.abs(pictures[:, None] - pictures[None]).max((2, 3, 4))
    apart[np.diag_indices(len(apart))] = np.inf
    assert (apart.min(axis=1) > 2 * scale / 255).all()


def test_the_file_is_small():
    assert FILE.stat().st_size < 60_000


def test_a_picture_is_known_by_the_means_of_its_squares():
    rows, columns = np.mgrid[:224, :224]
    picture = np.stack([rows // 32, columns // 32, rows * 0 + 9], axis=-1)
    parts = parts_of(picture[None])[0]
    np.testing.assert_array_equal(parts[3, 5], [3, 5, 9])
