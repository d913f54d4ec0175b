"""Right and wrong answers to the exercises of lesson 05."""

import numpy as np
import pytest
from answers import Answers, not_written
from in_place import IN_PLACE

from workshop.checks import pipelines as checks

tf = pytest.importorskip("tensorflow")


def batches_in_slices(images, labels, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(images))
    for first in range(0, len(order), batch_size):
        chosen = order[first : first + batch_size]
        yield images[chosen], labels[chosen]


def batches_one_by_one(images, labels, batch_size, seed):
    numbers = list(range(len(images)))
    np.random.RandomState(seed).shuffle(numbers)
    while numbers:
        now, numbers = numbers[:batch_size], numbers[batch_size:]
        yield np.stack([images[k] for k in now]), np.array([labels[k] for k in now])


def batches_as_a_list(images, labels, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(images))
    ends = range(batch_size, len(order), batch_size)
    return list(zip(np.split(images[order], ends), np.split(labels[order], ends), strict=True))


def batches_without_the_rest(images, labels, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(images))
    for k in range(len(images) // batch_size):
        chosen = order[k * batch_size : (k + 1) * batch_size]
        yield images[chosen], labels[chosen]


def batches_in_order(images, labels, batch_size, seed):
    for k in range(0, len(images), batch_size):
        yield images[k : k + batch_size], labels[k : k + batch_size]


def batches_drawn_anew(images, labels, batch_size, seed):
    rng = np.random.default_rng(seed)
    for first in range(0, len(images), batch_size):
        chosen = rng.integers(0, len(images), min(batch_size, len(images) - first))
        yield images[chosen], labels[chosen]


def batches_shuffled_apart(images, labels, batch_size, seed):
    rng = np.random.default_rng(seed)
    one, two = rng.permutation(images), rng.permutation(labels)
    yield from batches_in_order(one, two, batch_size, seed)


def batches_shuffled_in_place(images, labels, batch_size, seed):
    np.random.default_rng(seed).shuffle(images)
    np.random.default_rng(seed).shuffle(labels)
    yield from batches_in_order(images, labels, batch_size, seed)


def batches_that_move_the_labels(images, labels, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(images))
    labels[:] = labels[order]
    for first in range(0, len(order), batch_size):
        chosen = slice(first, first + batch_size)
        yield images[order[chosen]], labels[chosen]


def batches_with_no_seed(images, labels, batch_size, seed):
    yield from batches_in_slices(images, labels, batch_size, None)


def batches_with_one_seed(images, labels, batch_size, seed):
    yield from batches_in_slices(images, labels, batch_size, 0)


def batches_for_ever(images, labels, batch_size, seed):
    while True:
        yield from batches_in_slices(images, labels, batch_size, seed)


def batches_of_images_alone(images, labels, batch_size, seed):
    for chosen, _ in batches_in_slices(images, labels, batch_size, seed):
        yield chosen


def batches_of_single_examples(images, labels, batch_size, seed):
    for k in np.random.default_rng(seed).permutation(len(images)):
        yield images[k], labels[k]


def batches_without_yield(images, labels, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(images))
    for first in range(0, len(order), batch_size):
        order[first : first + batch_size]


def time_by_formula(steps, prepare_s, compute_s, prefetch):
    if not prefetch:
        return steps * (prepare_s + compute_s)
    return prepare_s + (steps - 1) * max(prepare_s, compute_s) + compute_s


def time_by_playing(steps, prepare_s, compute_s, prefetch):
    ready = done = 0
    for _ in range(steps):
        ready = prepare_s + (ready if prefetch else done)
        done = compute_s + max(ready, done)
    return done


def time_always_in_turn(steps, prepare_s, compute_s, prefetch):
    return steps * (prepare_s + compute_s)


def time_with_both_busy(steps, prepare_s, compute_s, prefetch):
    return steps * (max(prepare_s, compute_s) if prefetch else prepare_s + compute_s)


def time_with_the_first_batch_hidden(steps, prepare_s, compute_s, prefetch):
    if prefetch:
        return (steps - 1) * max(prepare_s, compute_s) + compute_s
    return steps * (prepare_s + compute_s)


def time_with_nothing_to_wait_for(steps, prepare_s, compute_s, prefetch):
    return steps * compute_s + (prepare_s if prefetch else steps * prepare_s)


def time_without_return(steps, prepare_s, compute_s, prefetch):
    time_by_formula(steps, prepare_s, compute_s, prefetch)


def from_lists(lists, dtype=tf.int64):
    return tf.data.Dataset.from_generator(
        lambda: lists, output_signature=tf.TensorSpec((None,), dtype)
    )


def pad_by_stage(lists, batch_size):
    return from_lists(lists).padded_batch(batch_size, padding_values=tf.constant(-1, tf.int64))


def pad_by_ragged(lists, batch_size):
    ds = tf.data.Dataset.from_tensor_slices(tf.ragged.constant(lists, tf.int64))
    return ds.batch(batch_size).map(lambda ragged: ragged.to_tensor(-1))


def pad_by_hand(lists, batch_size):
    def blocks():
        for first in range(0, len(lists), batch_size):
            block = lists[first : first + batch_size]
            width = max(map(len, block))
            yield np.array([one + [-1] * (width - len(one)) for one in block], dtype="int64")

    return tf.data.Dataset.from_generator(
        blocks, output_signature=tf.TensorSpec((None, None), tf.int64)
    )


def pad_with_zeros(lists, batch_size):
    return from_lists(lists).padded_batch(batch_size)


def pad_to_the_longest_of_all(lists, batch_size):
    width = max(map(len, lists))
    return from_lists(lists).padded_batch(
        batch_size, [width], padding_values=tf.constant(-1, tf.int64)
    )


def pad_without_the_rest(lists, batch_size):
    return from_lists(lists).padded_batch(
        batch_size, padding_values=tf.constant(-1, tf.int64), drop_remainder=True
    )


def pad_zeros_replaced(lists, batch_size):
    return pad_with_zeros(lists, batch_size).map(
        lambda x: tf.where(x == 0, tf.constant(-1, tf.int64), x)
    )


def pad_in_small_numbers(lists, batch_size):
    return from_lists(lists, tf.int32).padded_batch(batch_size, padding_values=-1)


def pad_as_a_list(lists, batch_size):
    return list(pad_by_stage(lists, batch_size))


def pad_without_a_stage(lists, batch_size):
    return from_lists(lists).batch(batch_size)


def slices(images, labels):
    return tf.data.Dataset.from_tensor_slices((images, labels))


def stages_in_order(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(prepare).cache().shuffle(len(images)).map(augment)
    return ds.batch(batch_size, drop_remainder=True).prefetch(2)


def stages_on_batches(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).batch(7).map(prepare).cache().unbatch()
    ds = ds.shuffle(2 * len(images)).batch(batch_size, drop_remainder=True)
    return ds.map(augment, num_parallel_calls=2)


def stages_with_chance_before_shuffle(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(prepare).cache().map(augment).shuffle(len(images))
    return ds.batch(batch_size, True)


def stages_without_cache(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).shuffle(len(images)).map(prepare).map(augment)
    return ds.batch(batch_size, drop_remainder=True)


def stages_with_chance_cached(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(prepare).map(augment).cache().shuffle(len(images))
    return ds.batch(batch_size, drop_remainder=True)


def stages_with_order_cached(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).shuffle(len(images)).map(prepare).cache().map(augment)
    return ds.batch(batch_size, drop_remainder=True)


def stages_with_batches_shuffled(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(prepare).cache().map(augment)
    return ds.batch(batch_size, drop_remainder=True).shuffle(len(images))


def stages_with_a_small_buffer(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(prepare).cache().shuffle(batch_size).map(augment)
    return ds.batch(batch_size, drop_remainder=True)


def stages_with_the_rest(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(prepare).cache().shuffle(len(images)).map(augment)
    return ds.batch(batch_size)


def stages_with_repeat(images, labels, prepare, augment, batch_size):
    return stages_in_order(images, labels, prepare, augment, batch_size).repeat()


def stages_without_shuffle(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(prepare).cache().map(augment)
    return ds.batch(batch_size, drop_remainder=True)


def stages_without_augment(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(prepare).cache().shuffle(len(images))
    return ds.batch(batch_size, drop_remainder=True)


def stages_without_prepare(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).cache().shuffle(len(images)).map(augment)
    return ds.batch(batch_size, drop_remainder=True)


def stages_without_batch(images, labels, prepare, augment, batch_size):
    return slices(images, labels).map(prepare).cache().shuffle(len(images)).map(augment)


def stages_without_return(images, labels, prepare, augment, batch_size):
    stages_in_order(images, labels, prepare, augment, batch_size)


RIGHT = {
    checks.batches: [batches_in_slices, batches_one_by_one, batches_as_a_list],
    checks.epoch_time: [time_by_formula, time_by_playing],
    checks.pad: [pad_by_stage, pad_by_ragged, pad_by_hand],
    checks.training_pipeline: [
        stages_in_order,
        stages_on_batches,
        stages_with_chance_before_shuffle,
    ],
}
WRONG = {
    checks.batches: [
        (batches_without_the_rest, "expected batch sizes [4, 4, 2], got [4, 4]."),
        (batches_in_order, "in the order in which they lie"),
        (batches_drawn_anew, "expected each example once, got example"),
        (batches_shuffled_apart, "has the label of image"),
        (batches_shuffled_in_place, "The images that you were given have changed"),
        (batches_that_move_the_labels, "The labels that you were given have changed"),
        (batches_with_no_seed, "two different orders"),
        (batches_with_one_seed, "same order"),
        (batches_for_ever, "When does it end?"),
        (batches_of_images_alone, "expected a pair (images, labels), got ndarray"),
        (batches_of_single_examples, "(batch, height, width) and (batch,), got (2, 3) and ()"),
        (batches_without_yield, "`yield`"),
    ],
    checks.epoch_time: [
        (time_always_in_turn, "expected 17, got 21"),
        (time_with_both_busy, "Who waits while"),
        (time_with_the_first_batch_hidden, "Who waits while"),
        (time_with_nothing_to_wait_for, "expected 25, got 10"),
        (time_without_return, "gave None"),
    ],
    checks.pad: [
        (pad_with_zeros, "expected -1, got 0"),
        (pad_to_the_longest_of_all, "expected shape (2, 2), got (2, 4)"),
        (pad_without_the_rest, "the number of batches to be 3, got 2"),
        (pad_zeros_replaced, "expected 0, got -1"),
        (pad_in_small_numbers, "expected dtype int64, got int32"),
        (pad_as_a_list, "Expected a tf.data.Dataset, got list"),
        (pad_without_a_stage, "broke while it was read"),
    ],
    checks.training_pipeline: [
        (stages_without_cache, "`prepare` ran 180 times"),
        (stages_with_chance_cached, "the same in both epochs"),
        (stages_with_order_cached, "keeps the order"),
        (stages_with_batches_shuffled, "whole batches were shuffled"),
        (stages_with_a_small_buffer, "buffer of shuffle"),
        (stages_with_the_rest, "Is a rest dropped"),
        (stages_with_repeat, "got more. Each example once per epoch"),
        (stages_without_shuffle, "in which they lie"),
        (stages_without_augment, "through `augment`"),
        (stages_without_prepare, "through `prepare`"),
        (stages_without_batch, "expected shape (8,), got ()"),
        (stages_without_return, "got NoneType"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG
    keeping = (checks.batches,)


def test_a_seed_of_tensorflow_does_not_mislead_the_check():
    """With a seed set, TensorFlow's chance starts over in each epoch."""
    tf.random.set_seed(5)
    assert checks.training_pipeline(stages_with_chance_before_shuffle).passed


IMAGES = np.random.default_rng(5).integers(0, 256, (250, 28, 28)).astype("uint8")
LABELS = np.arange(250) % 10


def enlarge(images, labels):
    large = tf.image.resize(images[..., tf.newaxis], (40, 40), "lanczos3")
    return large[..., 6:-6, 6:-6, 0], labels


def in_batches(images, labels):
    return slices(images, labels).batch(100).map(enlarge, num_parallel_calls=2).cache().prefetch(2)


def one_by_one_and_shuffled(images, labels):
    return slices(images, labels).map(enlarge).shuffle(250).batch(100)


def beforehand(images, labels):
    return tf.data.Dataset.from_tensor_slices(enlarge(images, labels)).batch(100)


def not_enlarged(images, labels):
    return slices(images, labels).batch(100)


def faster_and_blurred(images, labels):
    def quickly(images, labels):
        return tf.image.resize(images[..., None], (40, 40))[:, 6:-6, 6:-6, 0], labels

    return slices(images, labels).batch(100).map(quickly)


def the_first_again_and_again(images, labels):
    return slices(images, labels).take(50).map(enlarge).repeat(5).batch(100)


def without_the_rest(images, labels):
    return slices(images, labels).batch(100, drop_remainder=True).map(enlarge)


def in_one_batch(images, labels):
    return slices(images, labels).batch(250).map(enlarge)


def shuffled_without_their_labels(images, labels):
    shuffled = tf.data.Dataset.from_tensor_slices(images).shuffle(250)
    return (
        tf.data.Dataset.zip((shuffled, tf.data.Dataset.from_tensor_slices(labels)))
        .batch(100)
        .map(enlarge)
    )


def without_end(images, labels):
    return in_batches(images, labels).repeat()


@pytest.mark.parametrize("answer", [in_batches, one_by_one_and_shuffled, beforehand])
def test_fast_pipelines_pass_and_are_timed_beside_ours(answer):
    outcome = checks.fastest_pipeline(answer, enlarge, IMAGES, LABELS)
    assert outcome.passed, outcome
    assert "examples/s" in outcome.message


@pytest.mark.parametrize("style", IN_PLACE)
def test_a_fast_pipeline_may_work_in_place(style):
    images, labels = IMAGES.copy(), LABELS.copy()
    assert checks.fastest_pipeline(style(in_batches), enlarge, images, labels).passed
    assert np.array_equal(images, IMAGES)
    assert np.array_equal(labels, LABELS)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (not_enlarged, "Not among the enlarged"),
        (faster_and_blurred, "Not among the enlarged"),
        (the_first_again_and_again, "got some twice"),
        (without_the_rest, "each once, got 200"),
        (in_one_batch, "batches of 100 digits, got sizes [250]"),
        (shuffled_without_their_labels, "labels of others"),
        (without_end, "each once, got 350"),
        (lambda images, labels: list(in_batches(images, labels)), "tf.data.Dataset, got list"),
    ],
)
def test_other_digits_are_told(answer, says):
    outcome = checks.fastest_pipeline(answer, enlarge, IMAGES, LABELS)
    assert outcome.status == "not yet"
    assert says in outcome.message


def test_no_pipeline_is_not_attempted():
    outcome = checks.fastest_pipeline(not_written, enlarge, IMAGES, LABELS)
    assert outcome.status == "not attempted"
