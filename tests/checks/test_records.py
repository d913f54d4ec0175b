"""Right and wrong answers to the exercises of lesson 05b."""

import struct

import numpy as np
import pytest
from answers import Answers, not_written
from in_place import IN_PLACE

from workshop.checks import records as checks

tf = pytest.importorskip("tensorflow")


def weather_by_lists(station, day, temperatures):
    example = tf.train.Example()
    feature = example.features.feature
    feature["station"].bytes_list.value.append(station.encode())
    feature["day"].int64_list.value.append(day)
    feature["temperatures"].float_list.value.extend(temperatures)
    return example.SerializeToString()


def weather_by_constructors(station, day, temperatures):
    feature = {
        "station": tf.train.Feature(bytes_list=tf.train.BytesList(value=[station.encode()])),
        "day": tf.train.Feature(int64_list=tf.train.Int64List(value=[day])),
        "temperatures": tf.train.Feature(float_list=tf.train.FloatList(value=temperatures)),
    }
    return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()


def weather_one_by_one(station, day, temperatures):
    example = tf.train.Example()
    for value in temperatures:
        example.features.feature["temperatures"].float_list.value.append(value)
    example.features.feature["station"].bytes_list.value[:] = [bytes(station, "utf-8")]
    example.features.feature["day"].int64_list.value[:] = [day]
    return example.SerializeToString()


def weather_not_serialised(station, day, temperatures):
    return tf.train.Example.FromString(weather_by_lists(station, day, temperatures))


def weather_of_whole_degrees(station, day, temperatures):
    return weather_by_lists(station, day, [int(value) for value in temperatures])


def weather_with_the_day_as_float(station, day, temperatures):
    example = tf.train.Example.FromString(weather_by_lists(station, day, temperatures))
    del example.features.feature["day"]
    example.features.feature["day"].float_list.value.append(day)
    return example.SerializeToString()


def weather_by_another_name(station, day, temperatures):
    example = tf.train.Example.FromString(weather_by_lists(station, day, temperatures))
    example.features.feature["name"].CopyFrom(example.features.feature["station"])
    del example.features.feature["station"]
    return example.SerializeToString()


def weather_of_one_temperature(station, day, temperatures):
    return weather_by_lists(station, day, temperatures[:1])


def weather_of_a_text(station, day, temperatures):
    return f"{station} {day} {temperatures}"


def weather_in_latin(station, day, temperatures):
    example = tf.train.Example.FromString(weather_by_lists(station, day, temperatures))
    example.features.feature["station"].bytes_list.value[:] = [station.encode("latin-1")]
    return example.SerializeToString()


def weather_without_encode(station, day, temperatures):
    example = tf.train.Example()
    example.features.feature["station"].bytes_list.value.append(station)
    return example.SerializeToString()


def weather_without_return(station, day, temperatures):
    weather_by_lists(station, day, temperatures)


def offsets_by_walking(data):
    offsets, start = [], 0
    while start + 8 <= len(data):
        end = start + 16 + struct.unpack_from("<Q", data, start)[0]
        if end > len(data):
            break
        offsets.append(start)
        start = end
    return offsets


def offsets_by_recursion(data, start=0):
    if len(data) - start < 16:
        return []
    end = start + 16 + int.from_bytes(data[start : start + 8], "little")
    return [start, *offsets_by_recursion(data, end)] if end <= len(data) else []


def offsets_in_an_array(data):
    return np.array(offsets_by_walking(data), dtype=int)


def offsets_with_the_cut_one(data):
    offsets, start = [], 0
    while start + 8 <= len(data):
        offsets.append(start)
        start += 16 + struct.unpack_from("<Q", data, start)[0]
    return offsets


def offsets_that_trust_the_end(data):
    offsets, start = [], 0
    while start < len(data):
        offsets.append(start)
        start += 16 + struct.unpack_from("<Q", data, start)[0]
    return offsets


def offsets_without_checksums(data):
    offsets, start = [], 0
    while start + 8 <= len(data):
        end = start + 8 + struct.unpack_from("<Q", data, start)[0]
        if end > len(data):
            break
        offsets.append(start)
        start = end
    return offsets


def offsets_of_the_data(data):
    return [start + 12 for start in offsets_by_walking(data)]


def offsets_of_the_ends(data):
    return [*offsets_by_walking(data)[1:], len(data)]


def offsets_from_two_bytes(data):
    offsets, start = [], 0
    while start + 8 <= len(data):
        end = start + 16 + struct.unpack_from("<H", data, start)[0]
        if end > len(data):
            break
        offsets.append(start)
        start = end
    return offsets


def offsets_without_return(data):
    offsets_by_walking(data)


def means_by_mask(padded, padding):
    real = padded != padding
    return np.where(real, padded, 0).sum(axis=1) / np.maximum(real.sum(axis=1), 1)


def means_row_by_row(padded, padding):
    rows = [row[row != padding] for row in padded]
    return [row.mean() if len(row) else 0.0 for row in rows]


def means_by_masked_arrays(padded, padding):
    return np.ma.masked_equal(padded, padding).mean(axis=1).filled(0)


def means_by_tensorflow(padded, padding):
    ragged = tf.RaggedTensor.from_tensor(tf.constant(padded, tf.float32), padding=padding)
    return tf.math.divide_no_nan(
        tf.reduce_sum(ragged, axis=1), tf.cast(ragged.row_lengths(), tf.float32)
    )


def means_with_the_filling(padded, padding):
    return padded.mean(axis=1)


def means_over_the_longest(padded, padding):
    return np.where(padded == padding, 0, padded).sum(axis=1) / padded.shape[1]


def means_that_divide_by_zero(padded, padding):
    real = padded != padding
    with np.errstate(invalid="ignore"):
        return np.where(real, padded, 0).sum(axis=1) / real.sum(axis=1)


def means_of_all(padded, padding):
    return padded[padded != padding].mean()


def means_of_the_positive(padded, padding):
    real = padded > 0
    return np.where(real, padded, 0).sum(axis=1) / np.maximum(real.sum(axis=1), 1)


def means_with_a_fixed_padding(padded, padding):
    return means_by_mask(padded, -1)


RIGHT = {
    checks.weather: [weather_by_lists, weather_by_constructors, weather_one_by_one],
    checks.record_offsets: [offsets_by_walking, offsets_by_recursion, offsets_in_an_array],
    checks.row_means: [
        means_by_mask,
        means_row_by_row,
        means_by_masked_arrays,
        means_by_tensorflow,
    ],
}
WRONG = {
    checks.weather: [
        (weather_not_serialised, "expected the bytes of an Example, got the Example"),
        (weather_of_whole_degrees, "expected -3.5, got -3"),
        (weather_with_the_day_as_float, "expected 'day' as int64_list, got float_list"),
        (weather_by_another_name, "'station', 'temperatures'], got ['day', 'name', "),
        (weather_of_one_temperature, "expected shape (3,), got (1,)"),
        (weather_of_a_text, "expected bytes, got str"),
        (weather_in_latin, "expected station 'Köln' when it is read back"),
        (weather_without_encode, "TypeError"),
        (weather_without_return, "gave None"),
    ],
    checks.record_offsets: [
        (offsets_with_the_cut_one, "the last byte cut off"),
        (offsets_that_trust_the_end, "the last byte cut off"),
        (offsets_without_checksums, "four whole records"),
        (offsets_of_the_data, "got [12, "),
        (offsets_of_the_ends, "four whole records"),
        (offsets_from_two_bytes, "one long record"),
        (offsets_without_return, "four whole records gave None"),
    ],
    checks.row_means: [
        (means_with_the_filling, "at index (2,): expected 9, got 2.33333"),
        (means_over_the_longest, "values are off"),
        (means_that_divide_by_zero, "expected 0, got nan"),
        (means_of_all, "expected shape (3,), got ()"),
        (means_of_the_positive, "values are off"),
        (means_with_a_fixed_padding, "padding=99"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


def test_the_length_may_be_cut_too():
    def offsets(data):
        found, start = [], 0
        while start < len(data):
            end = start + 16 + struct.unpack_from("<Q", data, start)[0]
            if end > len(data):
                break
            found.append(start)
            start = end
        return found

    assert "Is a whole length left?" in checks.record_offsets(offsets).message


SCHEMA = {
    "image": {"type": "uint8", "shape": [28, 28]},
    "label": {"type": "int64", "shape": []},
    "ink": {"type": "int64", "shape": [None], "padding": -1},
    "weight": {"type": "float32", "shape": [], "default": 1.0},
}
IMAGES = np.random.default_rng(5).integers(0, 256, (6, 28, 28), dtype="uint8")
LABELS = np.arange(6)
ROWS = {"type": "float32", "shape": [28]}
BRIGHT = {"type": "int64", "shape": [None], "padding": -1}


def rows(image, label):
    return image.mean(axis=1)


def bright(image, label):
    return np.flatnonzero(image > 200)


def batch_of(feature, name="mine", padding=None):
    """What the lesson's reader gives back for a feature."""
    values = [np.asarray(feature(*pair)) for pair in zip(IMAGES, LABELS, strict=True)]
    if padding is not None:
        values = tf.ragged.constant([v.tolist() for v in values]).to_tensor(padding)
    return {"image": tf.constant(IMAGES), "label": tf.constant(LABELS), name: np.array(values)}


@pytest.mark.parametrize(
    ("feature", "entry", "padding"),
    [
        (rows, ROWS, None),
        (bright, BRIGHT, -1),
        (lambda image, label: int(image.sum()), {"type": "int64", "shape": []}, None),
        (lambda image, label: image[::4, ::4], {"type": "uint8", "shape": [7, 7]}, None),
    ],
)
def test_features_that_came_back_pass(feature, entry, padding):
    batch = batch_of(feature, padding=padding)
    outcome = checks.my_feature(feature, SCHEMA | {"mine": entry}, batch)
    assert outcome.passed, outcome


@pytest.mark.parametrize("style", IN_PLACE)
def test_a_feature_may_work_in_place(style):
    batch = batch_of(rows) | {"image": IMAGES}
    assert checks.my_feature(style(rows), SCHEMA | {"mine": ROWS}, batch).passed
    assert np.array_equal(batch["mine"], [rows(image, 0) for image in IMAGES])


@pytest.mark.parametrize(
    ("feature", "schema", "batch", "says"),
    [
        (rows, SCHEMA, batch_of(rows), "one new feature in my_schema, got []"),
        (rows, SCHEMA | {"mine": ROWS, "too": ROWS}, batch_of(rows), "got ['mine', 'too']"),
        (
            rows,
            SCHEMA | {"mine": {"type": "float32"}},
            batch_of(rows),
            "expected a type and a shape",
        ),
        (
            rows,
            SCHEMA | {"mine": {"type": "float", "shape": [28]}},
            batch_of(rows),
            "float32, got '",
        ),
        (bright, SCHEMA | {"mine": BRIGHT | {"type": "int"}}, batch_of(rows), "float32, got '"),
        (rows, SCHEMA | {"mine": {"type": "int64", "shape": [None]}}, {}, "needs a padding"),
        (bright, SCHEMA | {"mine": {"type": "uint8", "shape": [None]}}, {}, "Use int64"),
        (rows, SCHEMA | {"mine": ROWS}, batch_of(rows, "other"), "Was it read by"),
        (rows, SCHEMA | {"mine": ROWS}, [1, 2], "to be dicts, got dict and list"),
        (
            lambda image, label: image.mean(axis=0),
            SCHEMA | {"mine": ROWS},
            batch_of(rows),
            "values are off",
        ),
        (
            lambda image, label: 1.0,
            SCHEMA | {"mine": {"type": "float32", "shape": []}},
            batch_of(lambda image, label: 1.0),
            "the same for all",
        ),
        (
            lambda image, label: bright(image, label)[:3],
            SCHEMA | {"mine": BRIGHT},
            batch_of(bright, padding=-1),
            "longer than",
        ),
    ],
)
def test_other_features_are_told_why(feature, schema, batch, says):
    outcome = checks.my_feature(feature, schema, batch)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_no_feature_is_not_attempted():
    assert checks.my_feature(not_written, ..., ...).status == "not attempted"
