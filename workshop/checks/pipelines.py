"""Checks of lesson 05, input pipelines."""

import time
from collections.abc import Callable

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.checks.pipelines_oracle import (
    BRIGHTEST,
    OUR_BATCH,
    augmented,
    epoch,
    few,
    is_dataset,
    made_ahead,
    median_pass,
    mixed,
    mixes_any_number,
    not_twice,
    read_all,
    reads_first_pixel,
    same_digits,
    traced_stages,
)
from workshop.checks.pipelines_pairs import each_once, numbered, read_pairs, shuffled_one_by_one
from workshop.messages import say

PAD = -1
ABOUT = (
    "cach|remember|read|time|parallel|map|batch|prefetch|core|processor|cpu|memor|epoch|pictur"
    "|image|digit|pass|fast|slow|speed|quick|once|vector|call|thread|autotun|shuffl|kern|speicher"
    "|bild|schnell|langsam|époque|mémoire|rapid|lent|cœur|lot|núcleo|época|memoria|rápid|imagen|lote"
)


@exercise("5-1", sees_changes=True)
def batches(answer: Callable) -> str:
    """Check a generator of batches of shuffled examples.

    answer: function of images `(n, height, width)`, labels `(n,)`, which stay as they are, the
    batch size and a seed; yields pairs of NumPy arrays `(batch, height, width)` and `(batch,)`.
    """
    for count, size in ((10, 4), (12, 4), (7, 10), (9, 4), (90, 8)):
        images, labels = numbered(count)
        given = images.copy(), labels.copy()
        what = say("batches of {size} from {count} examples, seed 1", size=size, count=count)
        read = read_pairs(answer(images, labels, size, 1), what)
        sizes = [len(batch) for batch, _ in read]
        expected = [min(size, count - first) for first in range(0, count, size)]
        if sizes != expected:
            not_yet(
                "{what}: expected batch sizes {expected}, got {got}.",
                **{"what": what, "expected": few(expected), "got": few(sizes)},
            )
        each_once(read, given, what)
        if not np.array_equal(images, given[0]):
            not_yet("The images that you were given have changed. Shuffle numbers, not the arrays.")
        if not np.array_equal(labels, given[1]):
            not_yet("The labels that you were given have changed. Shuffle numbers, not the arrays.")
    orders = []
    given = numbered(90)
    for seed in (1, 1, 2):
        read = read_pairs(answer(*given, 8, seed), what := say("seed {seed}", seed=seed))
        orders.append(each_once(read, given, what))
    if np.array_equal(orders[0], np.arange(90)):
        not_yet("Expected 90 shuffled examples, got them in their original order.")
    shuffled_one_by_one(orders[0])
    if not np.array_equal(orders[0], orders[1]):
        not_yet(
            "Seed 1 gave two different orders in two runs; the seed alone should decide the order."
        )
    if np.array_equal(orders[0], orders[2]):
        not_yet("The seeds 1 and 2 gave the same order. Is the seed used?")
    return say(
        "Each example comes once, with its label, in the order of the seed, and the last short "
        "batch is there."
    )


@exercise("5-2")
def epoch_time(answer: Callable) -> str:
    """Check a model of how long a number of steps takes, with and without prefetch.

    answer: function of the number of steps, the seconds to make a batch, the seconds to compute a
    step, and whether the next batch is made meanwhile, to seconds.
    """
    random = np.random.default_rng()
    drawn = [(int(random.integers(2, 9)), *random.uniform(0.1, 9, 2).round(2)) for _ in range(3)]
    for steps, prepare_s, compute_s in (
        *((3, 2.0, 5.0), (4, 6.0, 1.0), (1, 2.0, 3.0), (10, 1.0, 1)),
        *((steps, float(prepare_s), float(compute_s)) for steps, prepare_s, compute_s in drawn),
    ):
        for prefetch in (False, True):
            expected = _played_through(steps, prepare_s, compute_s, prefetch)
            came = answer(steps, prepare_s, compute_s, prefetch)
            what = f"epoch_time({steps}, {prepare_s}, {compute_s}, {prefetch})"
            ideal = steps * max(prepare_s, compute_s)
            if prefetch and np.shape(came) == () and came == ideal != expected:
                not_yet(
                    "{what} gave {got:g}, as if both were busy all the time. Which one waits "
                    "while the first batch is made, and which while the last one is computed?",
                    **{"what": what, "got": came},
                )
            compare(came, expected, what=what)
    return say(
        "Without prefetch the two times add up, with it the longer one counts; the first batch is "
        "never hidden."
    )


def _played_through(steps: int, prepare_s: float, compute_s: float, prefetch: bool) -> float:
    """The same, step by step."""
    made = computed = 0.0
    for _ in range(steps):
        made = (made if prefetch else max(made, computed)) + prepare_s
        computed = max(made, computed) + compute_s
    return computed


@exercise("5-3")
def pad(answer: Callable) -> str:
    """Check batches of lists of different length, filled up with -1.

    answer: function of a list of lists of ints and a batch size to a `tf.data.Dataset` of int64
    tensors `(batch, longest in the batch)`.
    """
    import tensorflow as tf

    random = np.random.default_rng()
    drawn = [random.integers(0, 28, random.integers(0, 6)).tolist() for _ in range(7)]
    for lists, size in (
        ([[3, 1], [0], [5, 6, 7, 8], [9]], 2),
        ([[0, 0], [], [4], [1, 2, 3], [7]], 2),
        ([[1], [2, 3], [0]], 5),
        ([[5, 6], [], [], [7]], 1),
        ([[2**40, 1], [2**35]], 2),
        (drawn, 3),
    ):
        what = f"pad({lists}, {size})"
        ds = answer(lists, size)
        is_dataset(ds)
        _each_filled_up(read_all(ds, len(lists) + 1), lists, size, what)
        if len(again := read_all(ds, len(lists) + 1)) != -(-len(lists) // size):
            not_yet(
                "{what}: when it is read a second time, it gives {got} batches. Each epoch starts "
                "again; what was used up?",
                **{"what": what, "got": len(again)},
            )
        _each_filled_up(again, lists, size, say("{what}, read a second time", what=what))
        if (kind := ds.element_spec.dtype) != tf.int64:
            not_yet("The values are right; expected dtype int64, got {got}.", got=kind.name)
    return say("Each batch is as wide as its longest list, and -1 can't be mistaken for a column.")


def _each_filled_up(read: list, lists: list[list[int]], size: int, what: str) -> None:
    expected = [_filled_up(lists[k : k + size]) for k in range(0, len(lists), size)]
    if len(read) != len(expected):
        not_yet(
            "{what}: expected the number of batches to be {expected}, got {got}.",
            **{"what": what, "expected": len(expected), "got": len(read)},
        )
    for number, (came, want) in enumerate(zip(read, expected, strict=True), start=1):
        compare(came, want, what=say("batch {number} of {what}", number=number, what=what), rtol=0)


def _filled_up(lists: list[list[int]]) -> np.ndarray:
    width = max(len(one) for one in lists)
    return np.array([one + [PAD] * (width - len(one)) for one in lists])


@exercise("5-4")
def training_pipeline(answer: Callable) -> str:
    """Check a pipeline for training by what two epochs of it give.

    answer: function of images, labels, `prepare`, `augment` and the batch size to a
    `tf.data.Dataset` of batches; `prepare` and `augment` take and return `(image, label)`.
    """
    count, size = 90, 8
    labels = np.arange(count)
    images = np.tile(labels[:, None, None], (1, 2, 2)).astype("float32")
    prepared, prepare, augment = traced_stages()
    ds = answer(images, labels, prepare, augment, size)
    is_dataset(ds)
    specs = ds.element_spec
    if not (isinstance(specs, tuple) and len(specs) == 2):
        not_yet("Expected pairs (images, labels), got elements like {got}.", got=specs)
    if specs[1].shape.rank != 1 or specs[1].shape[0] != size:
        not_yet(
            "The labels of a batch: expected shape {expected}, got {got}. Is the last, smaller "
            "batch dropped?",
            **{"expected": (size,), "got": specs[1].shape},
        )
    most = count // size
    epochs = [epoch(ds, most) for _ in range(2)]
    for numbers, _ in epochs:
        not_twice(numbers)
    mixed([numbers for numbers, _ in epochs], count, size)
    augmented(epochs)
    if len(prepared) > count:
        not_yet(
            "`prepare` ran {times} times in two epochs for {count} examples. Which stage can keep "
            "its results?",
            **{"times": len(prepared), "count": count},
        )
    mixes_any_number(answer)
    made_ahead(lambda *stages: answer(images, labels, *stages, size), size)
    return say("Prepared once, then shuffled and augmented again in each epoch, one batch ahead.")


@exercise("5-5")
def fastest_pipeline(
    answer: Callable, mind: str, enlarge: Callable, images: np.ndarray, labels: np.ndarray
) -> str:
    """Check that a fast pipeline gives the right digits, and report its speed beside ours.

    answer: function of images `(n, 28, 28)` and labels `(n,)` to a `tf.data.Dataset` of batches of
    100, every digit enlarged, in any order.
    mind: what would change the learner's mind about the idea that mattered most.
    enlarge: the stage that each digit has to go through, once.
    images: the digits to try it on, `(n, 28, 28)`, uint8.
    labels: their classes, `(n,)`.
    """
    import tensorflow as tf

    _of_any_number(answer, enlarge, images, labels)
    ds = answer(images, labels)
    is_dataset(ds)
    start = time.perf_counter()
    read = read_all(ds, len(images) // OUR_BATCH + 2)
    first_s = time.perf_counter() - start
    same_digits(read, enlarge(tf.constant(images), labels)[0].numpy(), labels)
    ours = tf.data.Dataset.from_tensor_slices((images, labels)).map(enlarge).batch(OUR_BATCH)
    yours_s, ours_s = median_pass(ds), median_pass(ours)
    asked = say(
        "The same digits, {times:.1f} times as fast as map alone. Now say in `mind` which idea "
        "mattered most, and what would change your mind.",
        times=ours_s / yours_s,
    )
    claim(mind, asked, ABOUT)
    return say(
        "The same digits. First epoch: {first:,.0f} examples/s, later ones: {later:,.0f}; map "
        "alone: {ours:,.0f}. That is {times:.1f} times as fast.",
        **{"first": len(images) / first_s, "later": len(images) / yours_s},
        **{"ours": len(images) / ours_s, "times": ours_s / yours_s},
    )


def _of_any_number(
    answer: Callable, enlarge: Callable, images: np.ndarray, labels: np.ndarray
) -> None:
    """More digits than those of the lesson, with a short batch, and read twice."""
    import tensorflow as tf

    random = np.random.default_rng()
    count = len(images) // OUR_BATCH * OUR_BATCH + int(random.integers(1, OUR_BATCH))
    order = random.permutation(2 * len(images))[:count]
    images = np.concatenate([images, BRIGHTEST - images])[order]
    labels = np.concatenate([labels, labels])[order]
    expected = enlarge(tf.constant(images), labels)[0].numpy()
    is_dataset(ds := answer(images, labels))
    same_digits(read_all(ds, count // OUR_BATCH + 2), expected, labels)
    if not (again := read_all(ds, count // OUR_BATCH + 2)):
        not_yet("Read a second time it gives nothing. Each epoch begins again; what is used up?")
    same_digits(again, expected, labels)


@exercise("5-6")
def good_accuracy(answer: Callable) -> str:
    """Check that an accuracy pairs each prediction with its own label, and counts all examples.

    answer: function of a Keras model and a `tf.data.Dataset` of `(images, labels)` to one number.
    """
    import tensorflow as tf

    model = reads_first_pixel()
    random = np.random.default_rng()
    for count, size, buffer in ((250, 100, 1000), (40, 50, 1), (1110, 100, 1110), (9, 2, 9)):
        images = random.integers(0, 256, (count, 28, 28)).astype("uint8")
        labels = images[:, 0, 0] = random.integers(0, 10, count)
        wrong = random.random(count) < random.uniform(0.1, 0.5)
        wrong[-min(count, 30) :] = True  # those that a short batch has
        given = np.where(wrong, (labels + 1) % 10, labels)
        ds = tf.data.Dataset.from_tensor_slices((images, given)).shuffle(buffer).batch(size)
        fields = {"count": count, "size": size, "buffer": buffer}
        what = say("{count} digits in batches of {size}, a shuffle buffer of {buffer}", **fields)
        before = [value.copy() for value in model.get_weights()]
        compare(answer(model, ds), np.mean(~wrong), what=what)
        if any(not np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True)):
            not_yet("The model's weights have changed. Measuring is not training.")
    return say("Each prediction is compared with its own label, and the short last batch counts.")
