"""Right and wrong answers to the exercises of lesson 05b."""

import base64
import html
import io
import json
import struct
import unicodedata
import warnings

import numpy as np
import pytest
from answers import Answers, not_written
from in_place import IN_PLACE

from workshop.checks import records as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
json_format = pytest.importorskip("google.protobuf.json_format")

MIND = "I'd leave it out if reading it took longer than computing it anew."


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


def weather_read_into_numbers(station, day, temperatures):
    lists = {
        "station": tf.train.Feature(bytes_list={"value": [str(station).encode("utf8")]}),
        "day": tf.train.Feature(int64_list={"value": [np.int64(day)]}),
        "temperatures": tf.train.Feature(float_list={"value": temperatures.astype("float64")}),
    }
    return tf.train.Example(features={"feature": lists}).SerializeToString(deterministic=True)


def weather_by_merging(station, day, temperatures):
    example = tf.train.Example()
    found = example.features.feature
    found["station"].bytes_list.MergeFrom(tf.train.BytesList(value=[station.encode()]))
    found["day"].int64_list.value.insert(0, int(day))
    found["temperatures"].float_list.value.extend(np.asarray(temperatures).tolist())
    return example.SerializePartialToString()


def weather_if_there_are_any(station, day, temperatures):
    example = tf.train.Example.FromString(weather_by_lists(station, day, []))
    if temperatures:
        example.features.feature["temperatures"].float_list.value.MergeFrom(temperatures)
    return example.SerializeToString()


def weather_with_one_more(station, day, temperatures):
    example = tf.train.Example.FromString(weather_by_lists(station, day, temperatures))
    example.features.feature["count"].int64_list.value.append(len(temperatures))
    return example.SerializeToString()


def weather_letter_by_letter(station, day, temperatures):
    example = tf.train.Example.FromString(weather_by_lists(station, day, temperatures))
    letters = [letter.encode() for letter in station]
    example.features.feature["station"].bytes_list.value[:] = letters
    return example.SerializeToString()


def weather_in_order(station, day, temperatures):
    return weather_by_lists(station, day, sorted(temperatures))


def weather_without_doubles(station, day, temperatures):
    return weather_by_lists(station, day, list(dict.fromkeys(temperatures)))


def weather_of_the_example_shown(station, day, temperatures):
    return weather_by_lists("Zugspitze", 12, [-3.5, -1.25, 0.5])


def weather_in_a_list(station, day, temperatures):
    return [weather_by_lists(station, day, temperatures)]


def offsets_of_an_iterator(data):
    yield from offsets_by_walking(data)


def offsets_in_a_tensor(data):
    return tf.constant(offsets_by_walking(data), tf.int64)


def offsets_of_a_stream(data):
    stream, found = io.BytesIO(data), []
    while len(head := stream.read(12)) == 12:
        begin = stream.tell() - 12
        length = int.from_bytes(head[:8], "little")
        if len(stream.read(min(length + 4, len(data)))) < length + 4:
            break
        found.append(begin)
    return tuple(found)


def offsets_in_a_set(data):
    return set(offsets_by_walking(data))


def offsets_as_floats(data):
    return [float(one) for one in offsets_by_walking(data)]


def offsets_with_the_length_of_the_file(data):
    return [*offsets_by_walking(data), len(data)]


def offsets_without_the_first(data):
    return offsets_by_walking(data)[1:]


def offsets_big_end_first(data):
    offsets, start = [], 0
    while start + 8 <= len(data):
        end = start + 16 + struct.unpack_from(">Q", data, start)[0]
        if end > len(data):
            break
        offsets.append(start)
        start = end
    return offsets


def offsets_from_four_bytes(data):
    offsets, start = [], 0
    while start + 8 <= len(data):
        end = start + 16 + struct.unpack_from("<I", data, start)[0]
        if end > len(data):
            break
        offsets.append(start)
        start = end
    return offsets


def offsets_that_forget_the_last(data):
    offsets, start = [], 0
    while start + 8 <= len(data):
        end = start + 16 + struct.unpack_from("<Q", data, start)[0]
        if end >= len(data):
            break
        offsets.append(start)
        start = end
    return offsets


def how_many_records(data):
    return len(offsets_by_walking(data))


def means_of_floats(padded, padding):
    padded = padded.astype("float32")
    padded[padded == padding] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.nan_to_num(np.nanmean(padded, axis=1))


def means_in_plain_python(padded, padding):
    means = []
    for row in padded.tolist():
        real = [value for value in row if value != padding]
        means.append(sum(real) / len(real) if real else 0)
    return means


def means_by_weights(padded, padding):
    real = (padded != padding).astype(float)
    return np.einsum("bl,bl->b", padded, real) / np.clip(real.sum(-1), 1, None)


def means_by_keras(padded, padding):
    real = keras.ops.cast(padded != padding, "float32")
    sums = keras.ops.sum(keras.ops.cast(padded, "float32") * real, axis=1)
    return sums / keras.ops.maximum(keras.ops.sum(real, axis=1), 1)


def means_in_whole_numbers(padded, padding):
    real = padded != padding
    return np.where(real, padded, 0).sum(axis=1) // np.maximum(real.sum(axis=1), 1)


def means_down_the_columns(padded, padding):
    real = padded != padding
    return np.where(real, padded, 0).sum(axis=0) / np.maximum(real.sum(axis=0), 1)


def means_that_keep_the_axis(padded, padding):
    return means_by_mask(padded, padding)[:, None]


def sums_of_rows(padded, padding):
    return np.where(padded != padding, padded, 0).sum(axis=1)


def means_that_leave_out_zeros_too(padded, padding):
    real = (padded != padding) & (padded != 0)
    return np.where(real, padded, 0).sum(axis=1) / np.maximum(real.sum(axis=1), 1)


def means_with_a_padding_in_the_sum(padded, padding):
    real = padded != padding
    return padded.sum(axis=1) / np.maximum(real.sum(axis=1), 1)


def means_of_one_for_the_empty(padded, padding):
    real = padded != padding
    means = means_by_mask(padded, padding)
    means[~real.any(axis=1)] = padding
    return means


def split_first(examples, count):
    validation, training = examples.take(count), examples.skip(count)
    return training.shuffle(10_000), validation


def split_by_one_order(examples, count):
    mixed = examples.shuffle(10_000, reshuffle_each_iteration=False)
    return mixed.skip(count).shuffle(10_000), mixed.take(count)


def split_by_a_seed_of_the_order(examples, count):
    mixed = examples.shuffle(10_000, seed=3, reshuffle_each_iteration=False)
    return [mixed.skip(count).shuffle(500, seed=4), mixed.take(count)]


def split_by_the_number(examples, count):
    numbered = examples.enumerate()
    training = numbered.filter(lambda k, _: k >= count).map(lambda _, example: example)
    validation = numbered.filter(lambda k, _: k < count).map(lambda _, example: example)
    return training.shuffle(1000), validation


def split_in_memory(examples, count):
    held = np.array(list(examples.as_numpy_iterator()))
    held = np.random.default_rng(1).permutation(held)
    parts = held[count:], held[:count]
    train, val = (tf.data.Dataset.from_tensor_slices(part) for part in parts)
    return train.shuffle(len(held)), val


def split_by_keras(examples, count):
    val, train = keras.utils.split_dataset(examples, left_size=count)
    return train.shuffle(1000), val


def split_at_the_end(examples, count):
    rest = len(examples) - count
    return examples.take(rest).shuffle(1000), examples.skip(rest).shuffle(1000)


def split_as_given(examples, count):
    mixed = examples.shuffle(10_000)
    return mixed.skip(count), mixed.take(count)


def split_with_a_seed(examples, count):
    mixed = examples.shuffle(10_000, seed=3)
    return mixed.skip(count), mixed.take(count)


def split_twice(examples, count):
    return examples.shuffle(10_000).skip(count), examples.shuffle(10_000).take(count)


def split_in_one_order_for_ever(examples, count):
    mixed = examples.shuffle(10_000, reshuffle_each_iteration=False)
    return mixed.skip(count), mixed.take(count)


def split_unshuffled(examples, count):
    return examples.skip(count), examples.take(count)


def split_the_other_way_round(examples, count):
    return split_first(examples, count)[::-1]


def split_and_train_on_all(examples, count):
    return examples.shuffle(10_000), examples.take(count)


def split_a_tenth(examples, count):
    tenth = len(examples) // 10
    return examples.skip(tenth).shuffle(10_000), examples.take(tenth)


def split_with_a_gap(examples, count):
    return examples.skip(count + 1).shuffle(10_000), examples.take(count)


def split_into_iterators(examples, count):
    training, validation = split_first(examples, count)
    return iter(training), iter(validation)


def split_in_a_dict(examples, count):
    training, validation = split_first(examples, count)
    return {"training": training, "validation": validation}


def split_with_a_small_buffer(examples, count):
    return examples.skip(count).shuffle(2), examples.take(count)


def weather_of_a_day(station, day, temperatures):
    return weather_in_place(station, day, temperatures[:24])


def weather_of_a_year(station, day, temperatures):
    return weather_in_place(station, day % 366, temperatures)


def weather_in_place(station, day, temperatures):
    example = tf.train.Example()
    feature = example.features.feature
    feature["station"].bytes_list.value.append(station.encode())
    feature["day"].int64_list.value.append(day)
    feature["temperatures"].float_list.value.extend(temperatures)
    return example.SerializeToString()


def weather_through_json(station, day, temperatures):
    feature = {
        "station": {"bytesList": {"value": [base64.b64encode(station.encode()).decode()]}},
        "day": {"int64List": {"value": [str(day)]}},
        "temperatures": {"floatList": {"value": [float(x) for x in temperatures]}},
    }
    text = json.dumps({"features": {"feature": feature}})
    return json_format.Parse(text, tf.train.Example()).SerializeToString()


def weather_in_tensors(station, day, temperatures):
    return weather_by_lists(
        tf.constant(station).numpy().decode(),
        int(tf.constant(day, tf.int64)),
        tf.constant(temperatures, tf.float32).numpy().tolist(),
    )


def weather_without_blanks(station, day, temperatures):
    return weather_by_lists(station.strip(), day, temperatures)


def weather_with_single_blanks(station, day, temperatures):
    return weather_by_lists(" ".join(station.split()), day, temperatures)


def weather_without_the_last_blanks(station, day, temperatures):
    return weather_by_lists(station.rstrip(), day, temperatures)


def weather_with_capitals(station, day, temperatures):
    return weather_by_lists(station.title(), day, temperatures)


def weather_normalized(station, day, temperatures):
    return weather_by_lists(unicodedata.normalize("NFC", station), day, temperatures)


def weather_of_twenty_letters(station, day, temperatures):
    return weather_by_lists(station[:20], day, temperatures)


def weather_with_escapes(station, day, temperatures):
    return weather_by_lists(html.escape(station), day, temperatures)


def weather_of_two_digits(station, day, temperatures):
    return weather_by_lists(station, day, [round(float(x), 2) for x in temperatures])


def weather_of_halves(station, day, temperatures):
    return weather_by_lists(station, day, np.float16(temperatures).tolist())


def weather_of_a_first_day(station, day, temperatures):
    return weather_by_lists(station, day or 1, temperatures)


def weather_with_the_day_in_float32(station, day, temperatures):
    return weather_by_lists(station, int(np.float32(day)), temperatures)


def weather_of_what_is_not_zero(station, day, temperatures):
    return weather_by_lists(station, day, [x for x in temperatures if x])


def weather_of_fifty(station, day, temperatures):
    return weather_by_lists(station, day, temperatures[:50])


def means_rounded(padded, padding):
    return np.round(means_by_mask(padded, padding), 2)


def means_without_nan(padded, padding):
    rows = [row[row != padding] for row in padded]
    return np.array([row.mean() if len(row) else 0 for row in rows], "float32")


def offsets_at_each_byte(data):
    return list(range(len(data)))


def offsets_from_a_generator(data):
    start = 0
    while len(data) - start >= 16:
        end = start + 16 + int.from_bytes(data[start : start + 8], "little")
        if end > len(data):
            return
        yield start
        start = end


def split_that_repeats(examples, count):
    return examples.skip(count).shuffle(10_000).repeat(), examples.take(count)


RIGHT = {
    checks.weather: [
        weather_read_into_numbers,
        weather_by_merging,
        weather_if_there_are_any,
        weather_by_lists,
        weather_by_constructors,
        weather_one_by_one,
        weather_in_place,
        weather_through_json,
        weather_in_tensors,
    ],
    checks.record_offsets: [
        offsets_by_walking,
        offsets_by_recursion,
        offsets_in_an_array,
        offsets_of_an_iterator,
        offsets_in_a_tensor,
        offsets_of_a_stream,
        offsets_from_a_generator,
    ],
    checks.split: [
        split_first,
        split_by_one_order,
        split_by_a_seed_of_the_order,
        split_by_the_number,
        split_in_memory,
        split_by_keras,
        split_at_the_end,
    ],
    checks.row_means: [
        means_by_mask,
        means_row_by_row,
        means_by_masked_arrays,
        means_by_tensorflow,
        means_of_floats,
        means_in_plain_python,
        means_by_weights,
        means_by_keras,
        means_without_nan,
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
        (weather_with_one_more, "'temperatures'], got ['count', 'day', "),
        (weather_letter_by_letter, "expected one value in 'station', got 9"),
        (weather_in_order, "the temperatures of"),
        (weather_without_doubles, "the temperatures of weather("),
        (weather_of_the_example_shown, "expected station 'Köln'"),
        (weather_in_a_list, "expected bytes, got list"),
        (weather_of_a_day, "the temperatures of weather("),
        (weather_of_a_year, "the day of weather("),
        (weather_without_blanks, "when it is read back"),
        (weather_with_single_blanks, "when it is read back"),
        (weather_without_the_last_blanks, "when it is read back"),
        (weather_with_capitals, "when it is read back"),
        (weather_normalized, "when it is read back"),
        (weather_of_twenty_letters, "when it is read back"),
        (weather_with_escapes, "when it is read back"),
        (weather_of_two_digits, "the temperatures of weather("),
        (weather_of_halves, "the temperatures of weather("),
        (weather_of_a_first_day, "the day of weather('Bern', 0, "),
        (weather_with_the_day_in_float32, "the day of weather("),
        (weather_of_what_is_not_zero, "the temperatures of weather("),
        (weather_of_fifty, "the temperatures of weather("),
    ],
    checks.record_offsets: [
        (offsets_with_the_cut_one, "the last byte cut off"),
        (offsets_that_trust_the_end, "the last byte cut off"),
        (offsets_without_checksums, "six complete records"),
        (offsets_of_the_data, "got [12, "),
        (offsets_of_the_ends, "six complete records"),
        (offsets_from_two_bytes, "one long record"),
        (offsets_in_a_set, "expected a list of positions, got set"),
        (offsets_as_floats, "expected whole numbers"),
        (offsets_with_the_length_of_the_file, "six complete records"),
        (offsets_without_the_first, "six complete records"),
        (offsets_big_end_first, "six complete records"),
        (offsets_from_four_bytes, "of a terabyte"),
        (offsets_that_forget_the_last, "six complete records"),
        (how_many_records, "expected a list of positions, got int"),
        (offsets_without_return, "six complete records gave None"),
        (offsets_at_each_byte, "got [0, 1, 2, 3, ...]"),
    ],
    checks.row_means: [
        (means_with_the_filling, "at index (2,): expected 9, got 2.33333"),
        (means_over_the_longest, "values are off"),
        (means_that_divide_by_zero, "expected 0, got nan"),
        (means_of_all, "expected shape (3,), got ()"),
        (means_of_the_positive, "values are off"),
        (means_with_a_fixed_padding, "padding=99"),
        (means_in_whole_numbers, "values are off|expected"),
        (means_down_the_columns, "values are off|expected shape"),
        (means_that_keep_the_axis, "expected shape (3,), got (3, 1)"),
        (sums_of_rows, "values are off"),
        (means_that_leave_out_zeros_too, "values are off"),
        (means_with_a_padding_in_the_sum, "values are off"),
        (means_of_one_for_the_empty, "expected 0, got -1"),
        (means_rounded, "expected 2.33333, got 2.33"),
    ],
    checks.split: [
        (split_as_given, "examples were in both parts"),
        (split_with_a_seed, "examples were in both parts"),
        (split_twice, "examples were in both parts"),
        (split_in_one_order_for_ever, "in another order in each epoch"),
        (split_unshuffled, "in another order in each epoch"),
        (split_the_other_way_round, "expected 30 examples to train on and 10 for validation"),
        (split_and_train_on_all, "10 examples were in both parts"),
        (split_a_tenth, "got 36 and 4"),
        (split_with_a_gap, "got 29 and 10"),
        (split_into_iterators, "got 0 and 0"),
        (split_in_a_dict, "expected two Datasets"),
        (split_with_a_small_buffer, "How many does the shuffle buffer hold?"),
        (split_that_repeats, "got 41 and 10"),
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

    assert "Are enough bytes left for a length?" in checks.record_offsets(offsets).message


SCHEMA = {
    "image": {"type": "uint8", "shape": [28, 28]},
    "label": {"type": "int64", "shape": []},
    "ink": {"type": "int64", "shape": [None], "padding": -1},
    "weight": {"type": "float32", "shape": [], "default": 1.0},
}
IMAGES = np.random.default_rng(5).integers(0, 256, (6, 28, 28), dtype="uint8")
LABELS = np.arange(6)
ROWS = {"type": "float32", "shape": [28]}
FULL = {"type": "uint8", "shape": (28, 28)}
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
        (lambda image, label: [float(row.std()) for row in image], ROWS, None),
        (lambda image, label: (image > 127).astype("uint8"), FULL, None),
        (lambda image, label: np.eye(10)[label], {"type": "float32", "shape": [10]}, None),
        (lambda image, label: np.floor(image.mean(axis=0)), FULL | {"shape": [28]}, None),
    ],
)
def test_features_that_came_back_pass(feature, entry, padding):
    batch = batch_of(feature, padding=padding)
    outcome = checks.my_feature(feature, SCHEMA | {"mine": entry}, batch, MIND)
    assert outcome.passed, outcome


@pytest.mark.parametrize("style", IN_PLACE)
def test_a_feature_may_work_in_place(style):
    batch = batch_of(rows) | {"image": IMAGES}
    assert checks.my_feature(style(rows), SCHEMA | {"mine": ROWS}, batch, MIND).passed
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
        (rows, SCHEMA | {"mine": {"type": "int64", "shape": [None]}}, {}, 'needs a "padding"'),
        (bright, SCHEMA | {"mine": {"type": "uint8", "shape": [None]}}, {}, "Use int64"),
        (rows, SCHEMA | {"mine": ROWS}, batch_of(rows, "other"), "Was it read with"),
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
            "was longer when read back",
        ),
        (
            lambda image, label: label,
            SCHEMA | {"mine": {"type": "int64", "shape": []}},
            batch_of(lambda image, label: label),
            "is the label once more",
        ),
        (
            lambda image, label: image,
            SCHEMA | {"mine": {"type": "uint8", "shape": [28, 28]}},
            batch_of(lambda image, label: image),
            "is the image once more",
        ),
        (
            lambda image, label: image.sum(axis=1),
            SCHEMA | {"mine": {"type": "uint8", "shape": [28]}},
            batch_of(lambda image, label: image.sum(axis=1).astype("uint8")),
            "which as uint8 is",
        ),
        (
            rows,
            SCHEMA | {"mine": {"type": "int64", "shape": [28]}},
            batch_of(lambda image, label: image.mean(axis=1).astype("int64")),
            "which as int64 is",
        ),
        (
            lambda image, label: image / 255,
            SCHEMA | {"mine": {"type": "float32", "shape": [28, 28]}},
            batch_of(lambda image, label: image / 255),
            "is the image on another scale",
        ),
        (
            lambda image, label: 255 - image,
            SCHEMA | {"mine": {"type": "uint8", "shape": [28, 28]}},
            batch_of(lambda image, label: 255 - image),
            "is the image on another scale",
        ),
        (
            lambda image, label: np.full(28, np.nan),
            SCHEMA | {"mine": ROWS},
            batch_of(lambda image, label: np.full(28, np.nan)),
            "values are off",
        ),
        (lambda image, label: "much", SCHEMA | {"mine": ROWS}, batch_of(rows), "expected numbers"),
        (
            bright,
            SCHEMA | {"mine": BRIGHT},
            batch_of(bright, padding=-1) | {"ink": batch_of(bright, padding=-1)["mine"]},
            "is the ink once more",
        ),
        (
            lambda image, label: np.random.default_rng().normal(size=28),
            SCHEMA | {"mine": ROWS},
            batch_of(rows),
            "values are off",
        ),
    ],
)
def test_other_features_are_told_why(feature, schema, batch, says):
    outcome = checks.my_feature(feature, schema, batch, MIND)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_no_feature_is_not_attempted():
    assert checks.my_feature(not_written, ..., ..., ...).status == "not attempted"


NO_CLAIM = "lorem ipsum dolor sit amet consectetur adipiscing elit"


@pytest.mark.parametrize("mind", [None, 3, "", "No.", "It is small.", NO_CLAIM])
def test_a_feature_asks_for_what_would_change_the_mind(mind):
    outcome = checks.my_feature(rows, SCHEMA | {"mine": ROWS}, batch_of(rows), mind)
    assert outcome.status == "not yet"
    assert "say in `mind`" in outcome.message, outcome


@pytest.mark.parametrize(
    "mind",
    [
        "如果读取这个特征比重新计算它还要慢，我就会把它删除。",
        "Lieber beim Lesen rechnen: der Platz auf der Platte ist teurer.",
        "Si la lecture était plus lente que le calcul, je changerais d'avis.",
        "Only a smaller disk would make me compute it on the fly.",
    ],
)
def test_a_mind_may_be_told_in_any_language(mind):
    assert checks.my_feature(rows, SCHEMA | {"mine": ROWS}, batch_of(rows), mind).passed
