"""What a pipeline gives when it is read: the properties that the checks of lesson 05 look at."""

import time
from collections.abc import Callable

import numpy as np

from workshop.checks.engine import not_yet

OUR_BATCH = 100
BRIGHTEST = 255
# Other kernels for other batch sizes round a little differently.
SAME_GREY = 0.1
LONGEST_WAIT_S = 5


def is_dataset(ds: object) -> None:
    """Ask for a `tf.data.Dataset`."""
    import tensorflow as tf

    if not isinstance(ds, tf.data.Dataset):
        not_yet(
            "Expected a tf.data.Dataset, got {kind}. Is there a `return`?", kind=type(ds).__name__
        )


def read_all(ds: object, most: int) -> list:
    """The elements of a data set as arrays, at most so many; in words where reading fails."""
    import tensorflow as tf

    try:
        return [tf.nest.map_structure(np.asarray, element) for element in ds.take(most)]
    except tf.errors.OpError as error:
        not_yet("Reading the data set failed:\n{error}", error=str(error).strip()[:500])


def made_ahead(build: Callable, size: int) -> None:
    """The batch after the one that was taken has to be made meanwhile."""
    import tensorflow as tf

    times = []

    def count(images: np.ndarray) -> np.ndarray:
        times.append(images.reshape(-1, 4).shape[0])
        return images

    def augment(image: object, label: object) -> tuple:
        done = tf.numpy_function(count, [image], tf.float32)
        done.set_shape(image.shape)
        return done, label

    options = tf.data.Options()
    # Either may read ahead on its own: the tuner by a prefetch, map and batch fused into one.
    options.autotune.enabled = False
    options.experimental_optimization.apply_default_optimizations = False
    ds = build(_unchanged, augment).with_options(options)
    waiting = iter(ds)
    next(waiting)
    end = time.monotonic() + LONGEST_WAIT_S
    while sum(times) < 2 * size and time.monotonic() < end:
        time.sleep(0.01)
    if sum(times) < 2 * size:
        not_yet(
            "After the first batch was taken, no other was made while the model would compute. "
            "Which stage makes batches in advance?"
        )


def traced_stages() -> tuple[list[float], Callable, Callable]:
    """A slow stage that notes its examples and adds 1,000; and one that adds chance."""
    import tensorflow as tf

    prepared: list[float] = []

    def note(values: object) -> np.ndarray:
        images = np.asarray(values)
        prepared.extend(images.reshape(-1, 4)[:, 0].tolist())
        return images + np.float32(1000)

    def throw(images: np.ndarray) -> np.ndarray:
        # NumPy's own chance: that of TensorFlow starts over in each epoch once a seed is set.
        chance = np.random.default_rng().uniform(0.1, 0.9, (*images.shape[:-2], 1, 1))
        return images + chance.astype("float32")

    def prepare(image: object, label: object) -> tuple:
        done = tf.numpy_function(note, [image], tf.float32)
        done.set_shape(image.shape)
        return done, label

    def augment(image: object, label: object) -> tuple:
        done = tf.numpy_function(throw, [image], tf.float32)
        done.set_shape(image.shape)
        return done, label

    return prepared, prepare, augment


def epoch(ds: object, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels in their order, and the chance that was added to each, by label."""
    read = read_all(ds, most + 1)
    if len(read) > most:
        not_yet(
            "Expected {expected} batches per epoch, got more. Each example should come once per "
            "epoch, without repeats.",
            expected=most,
        )
    if len(read) < most:
        not_yet(
            "Expected {expected} batches per epoch, got {got}. Does each example come once?",
            **{"expected": most, "got": len(read)},
        )
    numbers = np.concatenate([labels for _, labels in read])
    added = np.concatenate([images[:, 0, 0] for images, _ in read]) - numbers
    if np.any(added < 500):
        not_yet("The images have not gone through `prepare`.")
    if np.any(added > 1500):
        not_yet("The images have gone through `prepare` twice.")
    if np.any(np.abs(added - 1000) > 3):
        not_yet("Some images have the labels of others.")
    if np.any(np.abs(added % 1) < 0.05):
        not_yet("The images have not gone through `augment`.")
    return numbers, added


def not_twice(numbers: np.ndarray) -> None:
    """No example may come twice in an epoch."""
    times = np.bincount(numbers)
    if times.max() > 1:
        not_yet(
            "Expected each example once per epoch, got example {example} {times} times.",
            **{"example": times.argmax(), "times": times.max()},
        )


def mixed(orders: list[np.ndarray], count: int, size: int) -> None:
    """Two epochs have to be mixed: examples, not batches, from all, and again each time."""
    first, second = orders
    if np.array_equal(first, np.arange(len(first))):
        not_yet("Expected shuffled examples, got them in their original order.")
    if np.array_equal(first, second):
        not_yet("Both epochs have the same order. What keeps the first epoch's order?")
    if all(np.ptp(batch) == size - 1 for batch in first.reshape(-1, size)):
        not_yet(
            "The examples of each batch were neighbours: whole batches were shuffled, not examples."
        )
    # From a buffer of b, an element moves forward by less than b places.
    forward = max(int(np.max(order - np.arange(len(order)))) for order in orders)
    if forward < count // 2:
        not_yet(
            "No example moved forward by more than {forward} of {count} places. How many examples "
            "does the shuffle buffer hold?",
            **{"forward": forward, "count": count},
        )


def _unchanged(image: object, label: object) -> tuple:
    return image, label


def mixes_any_number(answer: Callable) -> None:
    """A buffer of a size that is written down is too small for some data."""
    count, size = 12_000, 100
    images, labels = np.zeros((count, 2, 2), "float32"), np.arange(count)
    ds = answer(images, labels, _unchanged, _unchanged, size)
    is_dataset(ds)
    order = np.concatenate([np.asarray(batch) for _, batch in ds.take(count // size)])
    forward = int(np.max(order - np.arange(len(order))))
    if np.array_equal(order, np.arange(len(order))) or forward > 0.9 * count:
        return  # mixed well, or not at all, which is told with fewer
    not_yet(
        "Of {count} examples none moved forward by more than {forward} places. How many does the "
        "shuffle buffer hold, and how many should it hold?",
        **{"count": count, "forward": forward},
    )


def augmented(epochs: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """The random change has to differ between epochs."""
    (first, one), (second, two) = epochs
    _, mine, yours = np.intersect1d(first, second, return_indices=True)
    if np.mean(np.abs(one[mine] - two[yours]) < 1e-3) > 0.5:
        not_yet("`augment` gave the same in both epochs. Which stage after it keeps its results?")


def same_digits(read: list, expected: np.ndarray, labels: np.ndarray) -> None:
    """The digits of an epoch have to be the expected ones, each once, with its label."""
    for element in read:
        if not (isinstance(element, tuple) and len(element) == 2):
            kind = type(element).__name__
            not_yet("Expected pairs (images, labels), got elements of type {kind}.", kind=kind)
    sizes = [len(batch) for batch, _ in read]
    if max(sizes, default=0) != OUR_BATCH or len(sizes) - sizes.count(OUR_BATCH) > 1:
        not_yet(
            "Expected batches of {expected} digits, got sizes {got}.",
            **{"expected": OUR_BATCH, "got": few(sizes)},
        )
    if sum(sizes) != len(labels):
        not_yet(
            "Expected {expected} digits per epoch, each once, got {got}.",
            **{"expected": len(labels), "got": sum(sizes)},
        )
    if (shape := read[0][0].shape[1:]) != expected.shape[1:]:
        not_yet(
            "The images of a batch: expected shape {expected}, got {got}.",
            **{"expected": (OUR_BATCH, *expected.shape[1:]), "got": (OUR_BATCH, *shape)},
        )
    came = np.concatenate([batch for batch, _ in read]).reshape(len(labels), -1).astype("float64")
    oracle = expected.reshape(len(labels), -1).astype("float64")
    # Squared distances of all to all, in one product.
    squares = (came**2).sum(1)[:, None] + (oracle**2).sum(1) - 2 * came @ oracle.T
    nearest = squares.argmin(axis=1)
    off = np.abs(came - oracle[nearest]).max(axis=1)
    if off.max() > SAME_GREY:
        not_yet(
            "Not among the enlarged digits: {off} of {count}. One is off by {worst:.3g} of "
            "{brightest} grey values. Did each go through `enlarge` once, and through nothing "
            "else?",
            **{"off": (off > SAME_GREY).sum(), "count": len(labels)},
            **{"worst": off.max(), "brightest": BRIGHTEST},
        )
    if len(set(nearest.tolist())) != len(labels):
        not_yet("Expected each digit once, got some twice and others not at all.")
    if not np.array_equal(np.concatenate([part for _, part in read]), labels[nearest]):
        not_yet("Some digits have the labels of others.")


def reads_first_pixel() -> object:
    """A model whose class is the number in the first pixel, so that what is right is known."""
    import keras

    layers = keras.layers
    dropped = [layers.Flatten(), layers.Dropout(0.5), layers.Dense(10)]  # in training alone
    model = keras.Sequential([keras.Input((28, 28)), *dropped])
    classes = np.arange(10, dtype="float32")
    kernel = np.zeros((784, 10), "float32")
    kernel[0] = 2 * classes
    model.set_weights([kernel, -(classes**2)])
    return model


def median_pass(ds: object) -> float:
    """Seconds to read a data set to its end, the median of three."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        for _ in ds:
            pass
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds))


def few(numbers: list) -> str:
    """The first few numbers, as a list is written."""
    return f"[{', '.join(map(str, numbers[:4]))}{', ...' if len(numbers) > 4 else ''}]"
