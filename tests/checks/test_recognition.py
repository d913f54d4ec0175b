"""Right and wrong answers to the exercises of lesson 10."""

import heapq

import keras
import numpy as np
import pytest
import tensorflow as tf
from answers import Answers

from workshop.checks import recognition as checks
from workshop.data import imagenet_names, load_photographs
from workshop.recognition import NotRecorded, RecordedAnswers

NAMES = imagenet_names()


def top_by_argsort(probabilities, names, k):
    return [(names[i], probabilities[i]) for i in np.argsort(probabilities)[::-1][:k]]


def top_by_sorting_pairs(probabilities, names, k):
    pairs = zip(names, probabilities.tolist(), strict=True)
    return sorted(pairs, key=lambda pair: pair[1], reverse=True)[:k]


def top_by_tensorflow(probabilities, names, k):
    values, places = tf.math.top_k(probabilities, k)
    return tuple([names[int(i)], float(p)] for p, i in zip(values, places, strict=True))


def top_by_a_heap(probabilities, names, k):
    places = heapq.nlargest(k, range(len(names)), key=lambda i: probabilities[i])
    return [(names[i], np.float32(probabilities[i])) for i in places]


def top_by_taking_the_largest_out(probabilities, names, k):
    found = []
    for _ in range(k):
        i = int(probabilities.argmax())
        found.append((names[i], float(probabilities[i])))
        probabilities[i] = -1
    return found


def top_from_the_smallest(probabilities, names, k):
    return top_by_argsort(probabilities, names, len(names))[::-1][:k]


def top_turned_after_cutting(probabilities, names, k):
    return [(names[i], probabilities[i]) for i in np.argsort(probabilities)[:k][::-1]]


def top_in_no_order(probabilities, names, k):
    return sorted(top_by_argsort(probabilities, names, k), key=lambda pair: pair[0])


def top_as_dict(probabilities, names, k):
    return dict(top_by_argsort(probabilities, names, k))


def top_through_a_dict(probabilities, names, k):
    of = dict(zip(names, probabilities, strict=True))
    return sorted(of.items(), key=lambda pair: -pair[1])[:k]


def top_names(probabilities, names, k):
    return [name for name, _ in top_by_argsort(probabilities, names, k)]


def top_numbers(probabilities, names, k):
    return [(int(i), probabilities[i]) for i in np.argsort(probabilities)[::-1][:k]]


def top_probability_first(probabilities, names, k):
    return [(p, name) for name, p in top_by_argsort(probabilities, names, k)]


def top_one_too_many(probabilities, names, k):
    return top_by_argsort(probabilities, names, k + 1)


def top_in_percent(probabilities, names, k):
    return [(name, 100 * p) for name, p in top_by_argsort(probabilities, names, k)]


def top_first_names(probabilities, names, k):
    order = np.argsort(probabilities)[::-1][:k]
    return list(zip(names[:k], probabilities[order], strict=True))


def top_as_text(probabilities, names, k):
    return str(top_by_argsort(probabilities, names, k))


def top_printed(probabilities, names, k):
    print(top_by_argsort(probabilities, names, k))


def square_by_a_part(picture, fill):
    height, width = picture.shape[:2]
    side = max(height, width)
    square = np.full((side, side, 3), fill, picture.dtype)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = picture
    return square


def square_by_np_pad(picture, fill):
    height, width = picture.shape[:2]
    more, wider = max(width - height, 0), max(height - width, 0)
    pads = ((more - more // 2, more // 2), (wider - wider // 2, wider // 2), (0, 0))
    return np.pad(picture, pads, constant_values=fill)


def square_by_tensorflow(picture, fill):
    side = max(picture.shape[:2])
    shifted = tf.cast(picture, tf.int32) - fill
    return tf.image.resize_with_crop_or_pad(shifted, side, side) + fill


def square_by_lists(picture, fill):
    rows = picture.astype(float).tolist()
    while len(rows) < len(rows[0]):
        rows.insert(
            0 if len(rows) % 2 == len(rows[0]) % 2 else len(rows), [[fill] * 3] * len(rows[0])
        )
    rows = [list(row) for row in rows]
    for row in rows:
        while len(row) < len(rows):
            row.insert(0 if len(row) % 2 == len(rows) % 2 else len(row), [fill] * 3)
    return rows


def square_in_the_corner(picture, fill):
    height, width = picture.shape[:2]
    side = max(height, width)
    return np.pad(picture, ((0, side - height), (0, side - width), (0, 0)), constant_values=fill)


def square_at_the_far_end(picture, fill):
    height, width = picture.shape[:2]
    side = max(height, width)
    return np.pad(picture, ((side - height, 0), (side - width, 0), (0, 0)), constant_values=fill)


def square_of_black(picture, fill):
    return square_by_a_part(picture, 0)


def square_of_one_pad(picture, fill):
    height, width = picture.shape[:2]
    pad = abs(height - width) // 2
    pads = ((pad, pad), (0, 0), (0, 0)) if height < width else ((0, 0), (pad, pad), (0, 0))
    return np.pad(picture, pads, constant_values=fill)


def square_that_is_cut(picture, fill):
    side = min(picture.shape[:2])
    return picture[:side, :side]


def square_that_is_squashed(picture, fill):
    side = max(picture.shape[:2])
    return keras.ops.image.resize(picture.astype("float32"), (side, side))


def square_of_wide_ones_only(picture, fill):
    if picture.shape[0] > picture.shape[1]:
        return picture
    return square_by_a_part(picture, fill)


def square_turned(picture, fill):
    return np.swapaxes(square_by_a_part(picture, fill), 0, 1)


def square_of_edges(picture, fill):
    height, width = picture.shape[:2]
    more, wider = max(width - height, 0), max(height - width, 0)
    pads = ((more - more // 2, more // 2), (wider - wider // 2, wider // 2), (0, 0))
    return np.pad(picture, pads, mode="edge")


def square_printed(picture, fill):
    print(square_by_a_part(picture, fill))


def range_by_dividing(pictures):
    return pictures / 127.5 - 1


def range_by_interp(pictures):
    return np.interp(pictures, (0, 255), (-1, 1))


def range_by_a_layer(pictures):
    return keras.layers.Rescaling(1 / 127.5, offset=-1)(pictures)


def range_by_floats(pictures):
    pictures = pictures.astype("float32")
    pictures -= 127.5
    pictures /= 127.5
    return pictures


def range_by_keras(pictures):
    return keras.applications.inception_v3.preprocess_input(pictures.astype("float32"))


def range_by_a_list(pictures):
    return [[[[2 * float(x) / 255 - 1 for x in p] for p in row] for row in one] for one in pictures]


def range_from_0(pictures):
    return pictures / 255


def range_of_128(pictures):
    return (pictures.astype(float) - 128) / 128


def range_that_goes_round(pictures):
    return (pictures - pictures.dtype.type(127)) / 127.5


def range_doubled_in_bytes(pictures):
    return pictures * pictures.dtype.type(2) / 255 - 1


def range_of_whole_numbers(pictures):
    return pictures // 127.5 - 1


def range_upside_down(pictures):
    return 1 - pictures / 127.5


def range_of_each_picture(pictures):
    return pictures / (pictures.max() / 2) - 1


def range_of_itself(pictures):
    return pictures


def range_of_one(pictures):
    return range_by_dividing(pictures)[0]


def range_printed(pictures):
    print(range_by_dividing(pictures))


def shares_by_product(maps, kernel, k):
    return maps @ kernel[:, k] / (maps.shape[0] * maps.shape[1])


def shares_by_einsum(maps, kernel, k):
    return np.einsum("hwc,cn->hwn", maps, kernel)[..., k] / np.prod(maps.shape[:2])


def shares_by_a_loop(maps, kernel, k):
    height, width, channels = maps.shape
    grid = [[0.0] * width for _ in range(height)]
    for row in range(height):
        for column in range(width):
            for c in range(channels):
                grid[row][column] += float(maps[row, column, c] * kernel[c, k])
            grid[row][column] /= height * width
    return grid


def shares_by_gradient(maps, kernel, k):
    maps = tf.constant(maps)
    with tf.GradientTape() as tape:
        tape.watch(maps)
        logit = (tf.reduce_mean(maps, (0, 1))[None] @ kernel)[0, k]
    return tf.reduce_sum(maps * tape.gradient(logit, maps), axis=-1)


def shares_without_the_mean(maps, kernel, k):
    return maps @ kernel[:, k]


def shares_of_49(maps, kernel, k):
    return maps @ kernel[:, k] / 49


def shares_above_zero(maps, kernel, k):
    return np.maximum(shares_by_product(maps, kernel, k), 0)


def shares_of_all_classes(maps, kernel, k):
    return maps @ kernel / (maps.shape[0] * maps.shape[1])


def shares_of_the_first_class(maps, kernel, k):
    return shares_by_product(maps, kernel, 0)


def shares_added_up(maps, kernel, k):
    return shares_by_product(maps, kernel, k).sum()


def shares_by_the_mean_of_channels(maps, kernel, k):
    return (maps * kernel[:, k]).mean(-1)


def shares_turned(maps, kernel, k):
    return shares_by_product(maps, kernel, k).T


def shares_turned_in_place(maps, kernel, k):
    return shares_by_product(maps, kernel, k)[::-1, ::-1]


def shares_alike(maps, kernel, k):
    shares = shares_by_product(maps, kernel, k)
    return np.full_like(shares, shares.mean())


def shares_that_add_to_1(maps, kernel, k):
    shares = shares_by_product(maps, kernel, k)
    return shares / shares.sum()


def shares_printed(maps, kernel, k):
    print(shares_by_product(maps, kernel, k))


RIGHT = {
    checks.top_k: [
        top_by_argsort,
        top_by_sorting_pairs,
        top_by_tensorflow,
        top_by_a_heap,
        top_by_taking_the_largest_out,
    ],
    checks.to_square: [square_by_a_part, square_by_np_pad, square_by_tensorflow, square_by_lists],
    checks.for_inception: [
        range_by_dividing,
        range_by_interp,
        range_by_a_layer,
        range_by_floats,
        range_by_keras,
        range_by_a_list,
    ],
    checks.shares: [shares_by_product, shares_by_einsum, shares_by_a_loop, shares_by_gradient],
}
WRONG = {
    checks.top_k: [
        (top_from_the_smallest, "expected 0.7, got 0.1"),
        (top_turned_after_cutting, "expected 0.7, got 0.2"),
        (top_in_no_order, "expected 0.379047, got 0.00582771"),
        (top_as_dict, "got a dict"),
        (top_through_a_dict, "expected 0.3, got 0.25"),
        (top_names, "expected a pair (name, probability), got 'cup'"),
        (top_numbers, "expected a name first, got 2"),
        (top_probability_first, "expected a name first"),
        (top_one_too_many, "expected 2 pairs, got 3"),
        (top_in_percent, "expected 0.7, got 70"),
        (top_first_names, "belongs to 'cup', not to 'cat'"),
        (top_as_text, "got str"),
        (top_printed, "gave None"),
    ],
    checks.to_square: [
        (square_in_the_corner, "0 of the 4 rows or columns to fill are before it"),
        (square_at_the_far_end, "4 of the 4 rows"),
        (square_of_black, "(9 x 5, 255) at index (0, 0, 0): expected 255, got 0"),
        (square_of_one_pad, "expected shape (7, 7, 3), got (6, 7, 3)"),
        (square_that_is_cut, "expected shape (8, 8, 3), got (4, 4, 3)"),
        (square_that_is_squashed, "to_square(4 x 8, 0) at index"),
        (square_of_wide_ones_only, "expected shape (9, 9, 3), got (9, 5, 3)"),
        (square_turned, "to_square(4 x 8, 0) at index"),
        (square_of_edges, "expected 0, got"),
        (square_printed, "gave None"),
    ],
    checks.for_inception: [
        (range_from_0, "expected -1, got 0"),
        (range_of_128, "expected 1, got 0.992"),
        (range_that_goes_round, "The brighter one came out darker: how far does uint8 count?"),
        (range_doubled_in_bytes, "came out darker"),
        (range_of_whole_numbers, "expected"),
        (range_upside_down, "came out darker"),
        (range_of_each_picture, "of float32 at index"),
        (range_of_itself, "expected 1, got 255"),
        (range_of_one, "expected shape (2, 4, 8, 3), got (4, 8, 3)"),
        (range_printed, "gave None"),
    ],
    checks.shares: [
        (shares_without_the_mean, "as many times too much as there are squares"),
        (shares_of_49, "the shares add up to"),
        (shares_above_zero, "may a square not speak against the class?"),
        (shares_of_all_classes, "expected shape (2, 3), got (2, 3, 3)"),
        (shares_of_the_first_class, "the shares add up to"),
        (shares_added_up, "expected shape (2, 3), got ()"),
        (shares_by_the_mean_of_channels, "the shares add up to"),
        (shares_turned, "expected shape (2, 3), got (3, 2)"),
        (shares_turned_in_place, "(2, 3, 4), kernel (4, 3), 1) at index"),
        (shares_alike, "(2, 3, 4), kernel (4, 3), 1) at index"),
        (shares_that_add_to_1, "the shares add up to 1"),
        (shares_printed, "gave None"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


class Model:
    """Knows the espresso while the picture is upright; then it is a tripod."""

    def predict(self, x, verbose="auto"):
        upright = np.asarray(x)[:, :112].mean((1, 2, 3)) > np.asarray(x)[:, 112:].mean((1, 2, 3))
        answers = np.full((len(x), 1000), 1e-4)
        answers[np.arange(len(x)), np.where(upright, 967, 872)] = 0.8
        answers[:, :4] = 0.01
        return answers


UPRIGHT = np.zeros((224, 224, 3), "uint8")
UPRIGHT[:112] = 200
MIND = "It has seen cups on their feet; a cup lying down that it knows would change it."


def turned(picture):
    return picture[::-1]


def turned_as_a_tensor(picture):
    return tf.reverse(tf.cast(picture, tf.float32), [0])


def turned_in_place(picture):
    picture[:] = picture[::-1].copy()
    return picture


def turned_as_a_list(picture):
    return picture.tolist()[::-1]


@pytest.mark.parametrize("change", [turned, turned_as_a_tensor, turned_in_place, turned_as_a_list])
def test_a_change_that_fools_it_passes(change):
    for _ in range(2):
        outcome = checks.my_change(change, UPRIGHT, "espresso", MIND, Model(), NAMES)
        assert outcome.passed, outcome
        assert "It said 'espresso' (0.80), now it says 'tripod' (0.80)" in outcome.message


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"change": lambda x: x}, "What do you change?"),
        ({"change": lambda x: x // 2}, "'espresso' has probability 0.80 (before: 0.80)"),
        ({"change": lambda x: x * 0 + 5}, "nearly of one colour"),
        ({"change": lambda x: x[::-1] / 255}, "levels of 0..255, got 0..0.784"),
        ({"change": lambda x: x[::2]}, "expected shape (224, 224, 3), got (112, 224, 3)"),
        ({"change": print}, "gave None"),
        ({"change": lambda x: "cup"}, "expected numbers, got str"),
        ({"change": lambda x: x.missing}, "has no attribute 'missing'"),
        ({"change": lambda x: x * np.nan}, "got nan..nan"),
        ({"my_picture": UPRIGHT[::-1]}, "Take a picture that it knows"),
        ({"my_picture": UPRIGHT[None]}, "my_picture: expected shape (224, 224, 3)"),
        ({"my_name": "expresso"}, "got 'expresso'. Similar ones: 'espresso'"),
        ({"my_name": "Cat"}, "'a cat having a striped coat'"),
        ({"my_name": "qqqqqq"}, "Similar ones: (none)"),
        ({"my_name": 967}, "got 967"),
        ({"my_name": "missile"}, "and not 'missile'"),
        ({"my_mind": "because"}, "8 words or more, got 1"),
        ({"my_mind": None}, "Now say in `my_mind`"),
    ],
    ids=lambda part: str(part)[:30],
)
def test_other_changes_are_told_why(given, says):
    usual = {"change": turned, "my_picture": UPRIGHT, "my_name": "espresso", "my_mind": MIND}
    outcome = checks.my_change(*(usual | given).values(), Model(), NAMES)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_what_was_not_recorded_is_told():
    picture = load_photographs()["coffee"][:224, :224]
    outcome = checks.my_change(turned, picture, "espresso", MIND, RecordedAnswers(), NAMES)
    assert outcome.status == "not yet"
    assert "--with recognition" in outcome.message
    with pytest.raises(NotRecorded):
        RecordedAnswers().predict(picture[None])


def test_no_change_is_not_attempted():
    def change(picture): ...

    assert (
        checks.my_change(change, UPRIGHT, "espresso", ..., Model(), NAMES).status == "not attempted"
    )
