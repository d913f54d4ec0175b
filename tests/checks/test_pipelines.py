"""Right and wrong answers to the exercises of lesson 05."""

import numpy as np
import pytest
from answers import Answers, not_written
from in_place import IN_PLACE

from workshop.checks import pipelines as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
MIND = "I would change my mind if four cores made parallel calls faster than the cache."


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


def batches_of_floats(images, labels, batch_size, seed):
    for some, others in batches_in_slices(images, labels, batch_size, seed):
        yield np.float32(some), others


def batches_by_sorting(images, labels, batch_size, seed):
    order = np.argsort(np.random.default_rng(seed).random(len(labels)))
    images, labels = images[order], labels[order]
    while len(labels):
        yield images[:batch_size], labels[:batch_size]
        images, labels = images[batch_size:], labels[batch_size:]


def batches_by_the_old_seed(images, labels, batch_size, seed):
    np.random.seed(seed)
    order = np.random.permutation(len(images))
    for k in range(-(-len(images) // batch_size)):
        chosen = order[k * batch_size : (k + 1) * batch_size]
        yield np.array([images[i] for i in chosen]), labels[chosen]


def batches_by_tensorflow(images, labels, batch_size, seed):
    ds = tf.data.Dataset.range(len(images)).shuffle(len(images), seed=seed).batch(batch_size)
    for chosen in ds.as_numpy_iterator():
        yield images[chosen], labels[chosen]


def batches_in_shuffled_blocks(images, labels, batch_size, seed):
    firsts = np.arange(0, len(images), batch_size)
    for first in np.random.default_rng(seed).permutation(firsts):
        yield images[first : first + batch_size], labels[first : first + batch_size]


def batches_that_begin_elsewhere(images, labels, batch_size, seed):
    shift = int(np.random.default_rng(seed).integers(1, len(images)))
    order = np.roll(np.arange(len(images)), -shift)
    yield from batches_in_order(images[order], labels[order], batch_size, seed)


def batches_backwards(images, labels, batch_size, seed):
    yield from batches_in_order(images[::-1], labels[::-1], batch_size, seed)


def batches_shuffled_inside(images, labels, batch_size, seed):
    rng = np.random.default_rng(seed)
    for some, others in batches_in_order(images, labels, batch_size, seed):
        order = rng.permutation(len(others))
        yield some[order], others[order]


def batches_with_numbers_as_labels(images, labels, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(images))
    for first in range(0, len(order), batch_size):
        chosen = order[first : first + batch_size]
        yield images[chosen], chosen


def batches_of_lists(images, labels, batch_size, seed):
    for some, others in batches_in_slices(images, labels, batch_size, seed):
        yield some.tolist(), others.tolist()


def batches_without_the_last_of_one(images, labels, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(images))
    for first in range(0, len(order) - 1, batch_size):
        chosen = order[first : first + batch_size]
        yield images[chosen], labels[chosen]


def batches_rescaled(images, labels, batch_size, seed):
    for some, others in batches_in_slices(images, labels, batch_size, seed):
        yield some / 255, others


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


def time_by_a_list(steps, prepare_s, compute_s, prefetch):
    spans = [prepare_s + compute_s] * steps
    if prefetch:
        spans[1:] = [max(prepare_s, compute_s)] * (steps - 1)
    return float(np.sum(spans))


def time_less_what_is_hidden(steps, prepare_s, compute_s, prefetch):
    hidden = (steps - 1) * min(prepare_s, compute_s) if prefetch else 0
    return np.float64(steps * (prepare_s + compute_s) - hidden)


def time_in_thousandths(steps, prepare_s, compute_s, prefetch):
    return 1000 * time_by_formula(steps, prepare_s, compute_s, prefetch)


def time_per_step(steps, prepare_s, compute_s, prefetch):
    return time_by_formula(steps, prepare_s, compute_s, prefetch) / steps


def time_with_the_shorter(steps, prepare_s, compute_s, prefetch):
    if not prefetch:
        return steps * (prepare_s + compute_s)
    return prepare_s + (steps - 1) * min(prepare_s, compute_s) + compute_s


def time_with_one_more(steps, prepare_s, compute_s, prefetch):
    if not prefetch:
        return steps * (prepare_s + compute_s)
    return prepare_s + steps * max(prepare_s, compute_s) + compute_s


def time_the_other_way_round(steps, prepare_s, compute_s, prefetch):
    return time_by_formula(steps, prepare_s, compute_s, not prefetch)


def time_that_computing_decides(steps, prepare_s, compute_s, prefetch):
    return prepare_s + steps * compute_s if prefetch else steps * (prepare_s + compute_s)


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


def pad_with_one_type_for_all(lists, batch_size):
    ds = tf.data.Dataset.from_generator(
        lambda: (np.array(one, "int64") for one in lists),
        output_signature=tf.TensorSpec([None], tf.int64),
    )
    return ds.padded_batch(batch_size, padded_shapes=[None], padding_values=np.int64(-1))


def pad_moved_by_one(lists, batch_size):
    moved = [[value + 1 for value in one] for one in lists]
    return from_lists(moved).padded_batch(batch_size).map(lambda x: x - 1)


def pad_by_ragged_rows(lists, batch_size):
    ds = tf.data.Dataset.from_tensor_slices(tf.ragged.constant(lists, tf.int64, ragged_rank=1))
    return ds.ragged_batch(batch_size).map(lambda rows: rows.to_tensor(default_value=-1))


def pad_that_is_read_once(lists, batch_size):
    once = iter(lists)
    ds = tf.data.Dataset.from_generator(
        lambda: once, output_signature=tf.TensorSpec((None,), tf.int64)
    )
    return ds.padded_batch(batch_size, padding_values=tf.constant(-1, tf.int64))


def pad_at_the_front(lists, batch_size):
    backwards = [one[::-1] for one in lists]
    return pad_by_stage(backwards, batch_size).map(lambda x: x[:, ::-1])


def pad_in_twos(lists, batch_size):
    return pad_by_stage(lists, 2)


def pad_through_int32(lists, batch_size):
    small = [[int(np.int64(value).astype("int32")) for value in one] for one in lists]
    return pad_by_stage(small, batch_size)


def pad_the_longest_first(lists, batch_size):
    return pad_by_stage(sorted(lists, key=len, reverse=True), batch_size)


def pad_without_empty_lists(lists, batch_size):
    return pad_by_stage([one for one in lists if one], batch_size)


def pad_left_ragged(lists, batch_size):
    ds = tf.data.Dataset.from_tensor_slices(tf.ragged.constant(lists, tf.int64, ragged_rank=1))
    return ds.ragged_batch(batch_size)


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
    return ds.map(augment, num_parallel_calls=2).prefetch(2)


def stages_with_chance_before_shuffle(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(prepare).cache().map(augment).shuffle(len(images))
    return ds.batch(batch_size, True).prefetch(1)


def stages_with_autotune(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(prepare, num_parallel_calls=tf.data.AUTOTUNE).cache()
    ds = ds.shuffle(len(labels), reshuffle_each_iteration=True)
    ds = ds.map(augment, num_parallel_calls=tf.data.AUTOTUNE)
    return ds.batch(batch_size, drop_remainder=True).prefetch(tf.data.AUTOTUNE)


def stages_of_numbers(images, labels, prepare, augment, batch_size):
    images, labels = tf.constant(images), tf.constant(labels)
    ds = tf.data.Dataset.range(len(labels)).map(lambda k: (images[k], labels[k]))
    ds = ds.map(prepare).cache().shuffle(ds.cardinality()).map(augment)
    return ds.batch(batch_size, drop_remainder=True).prefetch(1)


def stages_with_what_is_prepared_kept(images, labels, prepare, augment, batch_size):
    """Prepared beforehand, all in one call."""
    ds = slices(*prepare(tf.constant(images), tf.constant(labels))).shuffle(len(images))
    return ds.map(augment).batch(batch_size, drop_remainder=True).prefetch(2)


def stages_with_a_buffer_of(size):
    def stages(images, labels, prepare, augment, batch_size):
        ds = slices(images, labels).map(prepare).cache().shuffle(size).map(augment)
        return ds.batch(batch_size, drop_remainder=True).prefetch(2)

    return stages


def stages_without_prefetch(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(prepare).cache().shuffle(len(images)).map(augment)
    return ds.batch(batch_size, drop_remainder=True)


def stages_in_one_order(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(prepare).cache()
    ds = ds.shuffle(len(images), seed=1, reshuffle_each_iteration=False).map(augment)
    return ds.batch(batch_size, drop_remainder=True).prefetch(2)


def stages_with_batches_of_eight(images, labels, prepare, augment, batch_size):
    return stages_in_order(images, labels, prepare, augment, 7)


def stages_with_prepare_twice(images, labels, prepare, augment, batch_size):
    return stages_in_order(*prepare(images, labels), prepare, augment, batch_size)


def stages_shuffled_apart(images, labels, prepare, augment, batch_size):
    order = np.random.default_rng(1).permutation(len(labels))
    return stages_in_order(images[order], labels, prepare, augment, batch_size)


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


def accuracy_of_one_pass(model, ds):
    hits = []
    for images, labels in ds:
        hits.extend(model.predict_on_batch(images).argmax(axis=1) == labels.numpy())
    return np.mean(hits)


def accuracy_of_a_count(model, ds):
    right = count = 0
    for images, labels in ds:
        said = tf.argmax(model(tf.cast(images, tf.float32), training=False), axis=1)
        right += int(tf.reduce_sum(tf.cast(said == tf.cast(labels, said.dtype), tf.int32)))
        count += len(labels)
    return right / count


def accuracy_of_what_was_read(model, ds):
    batches = list(ds.as_numpy_iterator())
    images, labels = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    return float((model.predict(images, verbose=0).argmax(axis=-1) == labels).mean())


def accuracy_of_what_is_kept(model, ds):
    ds = ds.cache()
    said = model.predict(ds, verbose=0).argmax(axis=1)
    return np.mean(said == np.concatenate([labels for _, labels in ds]))


def accuracy_by_evaluate(model, ds):
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.evaluate(ds, verbose=0)[1]


def accuracy_of_a_metric(model, ds):
    metric = keras.metrics.SparseCategoricalAccuracy()
    for images, labels in ds:
        metric.update_state(labels, model.predict(images, verbose=0))
    return metric.result()


def accuracy_by_lists(model, ds):
    pairs = [pair for images, labels in ds for pair in zip(images, labels, strict=True)]
    scores = model.predict(np.stack([image for image, _ in pairs]), verbose=0).tolist()
    right = [row.index(max(row)) == int(label) for row, (_, label) in zip(scores, pairs)]  # noqa: B905
    return sum(right) / len(right)


def accuracy_of_two_passes(model, ds):
    said = model.predict(ds, verbose=0).argmax(axis=1)
    return np.mean(said == np.concatenate([labels for _, labels in ds]))


def accuracy_of_the_other_pass_first(model, ds):
    truth = np.concatenate([labels for _, labels in ds])
    return np.mean(model.predict(ds, verbose=0).argmax(axis=1) == truth)


def accuracy_of_two_passes_with_a_seed(model, ds):
    tf.random.set_seed(5)
    truth = np.concatenate([labels for _, labels in ds])
    tf.random.set_seed(5)
    return np.mean(model.predict(ds, verbose=0).argmax(axis=1) == truth)


def accuracy_of_the_first_batch(model, ds):
    return accuracy_of_one_pass(model, ds.take(1))


def accuracy_without_the_rest(model, ds):
    return accuracy_of_one_pass(model, ds.unbatch().batch(40, drop_remainder=True))


def accuracy_as_mean_of_means(model, ds):
    batches = [
        np.mean(model.predict_on_batch(images).argmax(axis=1) == labels) for images, labels in ds
    ]
    return np.mean(batches)


def accuracy_for_batches_of_a_hundred(model, ds):
    right = [
        np.sum(model.predict_on_batch(images).argmax(axis=1) == labels) for images, labels in ds
    ]
    return sum(right) / (100 * len(right))


def accuracy_of_what_is_wrong(model, ds):
    return 1 - accuracy_of_one_pass(model, ds)


def accuracy_as_a_number_of_digits(model, ds):
    return accuracy_of_one_pass(model, ds) * sum(len(labels) for _, labels in ds)


def accuracy_over_the_batch(model, ds):
    hits = []
    for images, labels in ds:
        said = model.predict_on_batch(images).argmax(axis=0)
        hits.extend(said[: len(labels)] == labels.numpy()[: len(said)])
    return np.mean(hits)


def accuracy_printed(model, ds):
    print(accuracy_of_one_pass(model, ds))


def accuracy_after_training(model, ds):
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    before = accuracy_of_one_pass(model, ds)
    model.fit(ds, shuffle=False, verbose=0)
    return before


def accuracy_in_training(model, ds):
    right = [np.argmax(model(images, training=True), 1) == labels for images, labels in ds]
    return np.concatenate(right).mean()


def pad_in_another_order_each_time(lists, batch_size):
    parts = [
        *from_lists(lists)
        .padded_batch(batch_size, padding_values=tf.constant(-1, tf.int64))
        .as_numpy_iterator()
    ]
    turns = []

    def batches():
        turns.append(1)
        yield from parts[:: 1 if len(turns) % 2 else -1]

    spec = tf.TensorSpec((None, None), tf.int64)
    return tf.data.Dataset.from_generator(batches, output_signature=spec)


def pad_by_keras(lists, batch_size):
    parts = [lists[k : k + batch_size] for k in range(0, len(lists), batch_size)]
    padded = [
        keras.utils.pad_sequences(part, padding="post", value=-1, dtype="int64") for part in parts
    ]
    spec = tf.TensorSpec((None, None), tf.int64)
    return tf.data.Dataset.from_generator(lambda: padded, output_signature=spec)


def stages_by_keywords(images, labels, prepare, augment, batch_size):
    ds = slices(images, labels).map(lambda x, y: prepare(image=x, label=y)).cache()
    ds = ds.shuffle(len(images)).map(lambda x, y: augment(image=x, label=y))
    return ds.batch(batch_size, drop_remainder=True).prefetch(1)


RIGHT = {
    checks.batches: [
        batches_in_slices,
        batches_one_by_one,
        batches_as_a_list,
        batches_of_floats,
        batches_by_sorting,
        batches_by_the_old_seed,
        batches_by_tensorflow,
    ],
    checks.epoch_time: [
        time_by_formula,
        time_by_playing,
        time_by_a_list,
        time_less_what_is_hidden,
    ],
    checks.pad: [
        pad_by_stage,
        pad_by_ragged,
        pad_by_hand,
        pad_with_one_type_for_all,
        pad_moved_by_one,
        pad_by_ragged_rows,
        pad_by_keras,
    ],
    checks.training_pipeline: [
        stages_in_order,
        stages_on_batches,
        stages_with_chance_before_shuffle,
        stages_with_autotune,
        stages_of_numbers,
        stages_with_what_is_prepared_kept,
        stages_with_a_buffer_of(20_000),
        stages_by_keywords,
    ],
    checks.good_accuracy: [
        accuracy_of_one_pass,
        accuracy_of_a_count,
        accuracy_of_what_was_read,
        accuracy_of_what_is_kept,
        accuracy_by_evaluate,
        accuracy_of_a_metric,
        accuracy_by_lists,
    ],
}
WRONG = {
    checks.batches: [
        (batches_without_the_rest, "expected batch sizes [4, 4, 2], got [4, 4]."),
        (batches_in_order, "in their original order"),
        (batches_drawn_anew, "expected each example once, got example"),
        (batches_shuffled_apart, "comes with another image"),
        (batches_shuffled_in_place, "The images that you were given have changed"),
        (batches_that_move_the_labels, "The labels that you were given have changed"),
        (batches_with_no_seed, "two different orders"),
        (batches_with_one_seed, "same order"),
        (batches_for_ever, "When does it end?"),
        (batches_of_images_alone, "expected a pair (images, labels), got ndarray"),
        (batches_of_single_examples, "(batch, height, width) and (batch,), got (2, 3) and ()"),
        (batches_without_yield, "`yield`"),
        (batches_in_shuffled_blocks, "Expected single examples|expected batch sizes"),
        (batches_that_begin_elsewhere, "Expected single examples"),
        (batches_backwards, "Expected single examples"),
        (batches_shuffled_inside, "shuffled together, not in parts"),
        (batches_with_numbers_as_labels, "which no example has"),
        (batches_of_lists, "expected pairs of NumPy arrays, got list"),
        (batches_without_the_last_of_one, "expected batch sizes [4, 4, 1], got [4, 4]"),
        (batches_rescaled, "or the image has changed"),
    ],
    checks.epoch_time: [
        (time_always_in_turn, "expected 17, got 21"),
        (time_with_both_busy, "Which one waits while"),
        (time_with_the_first_batch_hidden, "Which one waits while"),
        (time_with_nothing_to_wait_for, "expected 25, got 10"),
        (time_without_return, "gave None"),
        (time_in_thousandths, "expected 21, got 21000"),
        (time_per_step, "expected 21, got 7"),
        (time_with_the_shorter, "expected 17, got 11"),
        (time_with_one_more, "expected 17, got 22"),
        (time_the_other_way_round, "expected 21, got 17"),
        (time_that_computing_decides, "expected 25, got 10"),
    ],
    checks.pad: [
        (pad_with_zeros, "expected -1, got 0"),
        (pad_to_the_longest_of_all, "expected shape (2, 2), got (2, 4)"),
        (pad_without_the_rest, "the number of batches to be 3, got 2"),
        (pad_zeros_replaced, "expected 0, got -1"),
        (pad_in_small_numbers, "expected dtype int64, got int32"),
        (pad_as_a_list, "Expected a tf.data.Dataset, got list"),
        (pad_without_a_stage, "Reading the data set failed"),
        (pad_that_is_read_once, "read a second time, it gives 0"),
        (pad_at_the_front, "expected 0, got -1"),
        (pad_in_twos, "the number of batches to be 1, got 2"),
        (pad_through_int32, "expected 1.09951e+12, got 0"),
        (pad_the_longest_first, "expected"),
        (pad_without_empty_lists, "expected"),
        (pad_left_ragged, "expected|could not use"),
        (pad_in_another_order_each_time, "read a second time"),
    ],
    checks.training_pipeline: [
        (stages_without_cache, "`prepare` ran 180 times"),
        (stages_with_chance_cached, "the same in both epochs"),
        (stages_with_order_cached, "keeps the first epoch's order"),
        (stages_with_batches_shuffled, "whole batches were shuffled"),
        (stages_with_a_small_buffer, "shuffle buffer"),
        (stages_with_the_rest, "Is the last, smaller batch dropped"),
        (stages_with_repeat, "got more. Each example should come once"),
        (stages_without_shuffle, "in their original order"),
        (stages_without_augment, "through `augment`"),
        (stages_without_prepare, "through `prepare`"),
        (stages_without_batch, "expected shape (8,), got ()"),
        (stages_without_return, "got NoneType"),
        (stages_with_a_buffer_of(100), "shuffle buffer hold"),
        (stages_with_a_buffer_of(3000), "shuffle buffer hold"),
        (stages_with_a_buffer_of(10_000), "shuffle buffer hold"),
        (stages_without_prefetch, "makes batches in advance"),
        (stages_in_one_order, "keeps the first epoch's order"),
        (stages_with_batches_of_eight, "expected shape (8,), got (7,)"),
        (stages_with_prepare_twice, "through `prepare` twice"),
        (stages_shuffled_apart, "have the labels of others"),
    ],
    checks.good_accuracy: [
        (
            accuracy_of_two_passes,
            "250 digits in batches of 100, a shuffle buffer of 1000",
        ),
        (accuracy_of_the_other_pass_first, "expected"),
        (accuracy_of_two_passes_with_a_seed, "expected"),
        (accuracy_of_the_first_batch, "expected"),
        (accuracy_without_the_rest, "expected"),
        (accuracy_as_mean_of_means, "expected"),
        (accuracy_for_batches_of_a_hundred, "expected"),
        (accuracy_of_what_is_wrong, "expected"),
        (accuracy_as_a_number_of_digits, "expected"),
        (accuracy_over_the_batch, "expected"),
        (accuracy_printed, "gave None"),
        (accuracy_after_training, "weights have changed"),
        (accuracy_in_training, "digits in batches of"),
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


def of_the_digits_shown(images, labels):
    return in_batches(IMAGES, LABELS)


def with_small_batches_at_the_end(images, labels):
    return in_batches(images[:-50], labels[:-50]).concatenate(
        slices(images[-50:], labels[-50:]).batch(10).map(enlarge)
    )


def from_an_iterator(images, labels):
    batches = iter(list(in_batches(images, labels)))
    spec = tf.TensorSpec((None, 28, 28)), tf.TensorSpec((None,), labels.dtype)
    return tf.data.Dataset.from_generator(lambda: batches, output_signature=spec)


def flattened(images, labels):
    return in_batches(images, labels).map(lambda x, y: (tf.reshape(x, (-1, 784)), y))


def with_channels(images, labels):
    return in_batches(images, labels).map(lambda x, y: (x[..., tf.newaxis], y))


def without_labels(images, labels):
    return in_batches(images, labels).map(lambda x, y: x)


def in_a_dict(images, labels):
    return in_batches(images, labels).map(lambda x, y: {"image": x, "label": y})


def in_halves_side_by_side(images, labels):
    def half(k):
        return slices(images, labels).shard(2, k).map(enlarge)

    return tf.data.Dataset.range(2).interleave(half, 2, num_parallel_calls=2).batch(100)


def cut_anew(images, labels):
    return slices(images, labels).batch(250).map(enlarge).rebatch(100).cache()


def with_batches_shuffled(images, labels):
    return in_batches(images, labels).shuffle(10)


def by_a_generator(images, labels):
    def batches():
        for k in range(0, len(images), 100):
            yield enlarge(tf.constant(images[k : k + 100]), labels[k : k + 100])

    spec = tf.TensorSpec((None, 28, 28)), tf.TensorSpec((None,), labels.dtype)
    return tf.data.Dataset.from_generator(batches, output_signature=spec)


FAST = (
    in_batches,
    one_by_one_and_shuffled,
    beforehand,
    in_halves_side_by_side,
    cut_anew,
    with_batches_shuffled,
    by_a_generator,
)


@pytest.mark.parametrize("answer", FAST)
def test_fast_pipelines_pass_and_are_timed_beside_ours(answer):
    outcome = checks.fastest_pipeline(answer, MIND, enlarge, IMAGES, LABELS)
    assert outcome.passed, outcome
    assert "examples/s" in outcome.message


@pytest.mark.parametrize("style", IN_PLACE)
def test_a_fast_pipeline_may_work_in_place(style):
    images, labels = IMAGES.copy(), LABELS.copy()
    assert checks.fastest_pipeline(style(in_batches), MIND, enlarge, images, labels).passed
    assert np.array_equal(images, IMAGES)
    assert np.array_equal(labels, LABELS)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (not_enlarged, "Not among the enlarged"),
        (faster_and_blurred, "Not among the enlarged"),
        (the_first_again_and_again, "got some twice|each once, got 250"),
        (without_the_rest, "each once, got 200"),
        (in_one_batch, "batches of 100 digits, got sizes [2"),
        (of_the_digits_shown, "digits per epoch, each once, got 250|Not among the enlarged"),
        (with_small_batches_at_the_end, "batches of 100 digits, got sizes [100, "),
        (from_an_iterator, "what is used up?"),
        (flattened, "(100, 28, 28), got (100, 784)"),
        (with_channels, "(100, 28, 28), got (100, 28, 28, 1)"),
        (without_labels, "Expected pairs (images, labels)"),
        (in_a_dict, "Expected pairs (images, labels), got elements of type dict"),
        (shuffled_without_their_labels, "labels of others"),
        (without_end, "each once, got "),
        (lambda images, labels: list(in_batches(images, labels)), "tf.data.Dataset, got list"),
    ],
)
def test_other_digits_are_told(answer, says):
    outcome = checks.fastest_pipeline(answer, MIND, enlarge, IMAGES, LABELS)
    assert outcome.status == "not yet"
    assert any(part in outcome.message for part in says.split("|")), outcome


def test_no_pipeline_is_not_attempted():
    outcome = checks.fastest_pipeline(not_written, MIND, enlarge, IMAGES, LABELS)
    assert outcome.status == "not attempted"


def test_a_fast_pipeline_comes_with_a_claim():
    outcome = checks.fastest_pipeline(in_batches, "fast", enlarge, IMAGES, LABELS)
    assert outcome.status == "not yet"
    assert "in `mind` which idea" in outcome.message
    assert checks.fastest_pipeline(in_batches, ..., enlarge, IMAGES, LABELS).status != "passed"
    nothing = "lorem ipsum dolor sit amet consectetur adipiscing elit"
    outcome = checks.fastest_pipeline(in_batches, nothing, enlarge, IMAGES, LABELS)
    assert "what has that to do with it?" in outcome.message
    for claim in (
        "如果有八个核心而不是两个，我会改变主意。",
        "Der Cache bringt am meisten; bei einer einzigen Epoche wäre es anders.",
        "Remembering the result helps most; if it were read one time only, I'd be wrong.",
    ):
        assert checks.fastest_pipeline(in_batches, claim, enlarge, IMAGES, LABELS).passed
