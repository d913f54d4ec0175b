"""Checks of lesson 02, softmax on MNIST."""

from collections.abc import Callable, Iterator

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet
from workshop.checks.scalar import plain
from workshop.messages import say

# Batch sizes, and how often each is trained: the fewer steps, the more the drawn digits decide.
REPEATS = {10: 2, 100: 6, 1000: 20}
# A loss that is smaller by less than a tenth may be so by the luck of the drawn digits.
NOISE = 0.9
# Of a rate near the best one the loss is 0.3 to 0.8; the untrained model's is 2.3, and where steps
# are far too small, half and twice the rate are no better than it.
LEARNED = 1.0
ABOUT = (
    "batch|rate|step|loss|digit|large|small|big|root|proportion|noise|double|twice|half|times"
    "|stapel|schritt|verlust|groß|klein|taux|lot|pas|perte|grand|tasa|lote|paso|grande"
)


@exercise("2-1")
def softmax(answer: Callable) -> str:
    """Check softmax of a batch against `tf.nn.softmax`.

    answer: function of logits `(batch, classes)` to probabilities of the same shape.
    """
    random = np.random.default_rng()
    batches = [[[1.0, 3.0, 0.0]], [[0.0, 1.0], [2.0, 2.0], [-1.0, 3.0]]]
    batches += [random.normal(scale=2, size=shape).round(1).tolist() for shape in ((4, 4), (7, 3))]
    for rows in batches:
        _like_tensorflow(answer, np.array(rows, "float32"), f"softmax({rows})")
    large = [[1000.0, 1001.0]], [[-1000.0, 1.0], [-1000.0, -1001.0], [900.0, 2500.0], [0.5, 1.0]]
    for rows in (*large, [[0.0, 2000.0, 0.0, 1999.0]]):
        _like_tensorflow(answer, np.array(rows, "float32"), f"softmax({rows})")
    _like_tensorflow(answer, random.normal(scale=3, size=(5, 10)), "softmax(random rows, float64)")
    return say("Each row sums to 1, also where exponentials alone would overflow.")


def _like_tensorflow(answer: Callable, logits: np.ndarray, what: str) -> None:
    import tensorflow as tf

    with np.errstate(all="ignore"):
        came = answer(logits)
    if came is not None and np.shape(came) == logits.shape:
        came = np.asarray(came, dtype=float)
        if not np.all(np.isfinite(came)):
            not_yet(
                "{what}: expected finite numbers, got {got}. An exponential overflows, or all of a "
                "row vanish. Which number suits each row?",
                **{"what": what, "got": np.round(came, 3).tolist()},
            )
        _sum_to_one(came, what)
    compare(came, tf.nn.softmax(logits), what=what)


def _sum_to_one(probabilities: np.ndarray, what: str) -> None:
    sums = probabilities.sum(axis=-1)
    if not np.allclose(sums, 1, rtol=0, atol=0.01):  # a smaller distance is told by `compare`
        not_yet(
            "{what}: expected rows that sum to 1, got rows that sum to {sums}. Over which axis do "
            "you sum, and what do you subtract?",
            **{"what": what, "sums": np.round(sums, 3).tolist()},
        )


@exercise("2-2")
def cross_entropy(answer: Callable) -> str:
    """Check the mean cross-entropy of a batch against Keras.

    answer: function of probabilities and one-hot labels, both tensors `(batch, classes)`, float32,
    to one number.
    """
    import keras
    import tensorflow as tf

    batches = [
        ([[0.1, 0.7, 0.2]], [1]),
        ([[0.5, 0.5], [0.2, 0.8]], [0, 0]),
        ([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1], [0.3, 0.3, 0.4]], [2, 1, 0]),
    ]
    random = np.random.default_rng()
    for count, classes in ((5, 4), (2, 10)):
        rows = random.dirichlet(np.full(classes, 2.0), count).clip(0.001).round(3)
        rows /= rows.sum(axis=1, keepdims=True)
        batches.append((rows.tolist(), random.integers(classes, size=count).tolist()))
    for rows, labels in batches:
        probabilities = tf.constant(rows)
        one_hot = tf.one_hot(labels, depth=len(rows[0]))
        each = np.asarray(keras.losses.categorical_crossentropy(one_hot, probabilities))
        came = answer(probabilities, one_hot)
        if len(rows) > 1 and np.shape(came) == () and np.isclose(came, each.sum(), rtol=1e-4):
            not_yet(
                "For {count} examples: expected their mean, got {got:.4g}, their sum. A mean does "
                "not grow with the batch.",
                **{"count": len(rows), "got": float(came)},
            )
        shown = np.round(rows, 3).tolist()
        compare(came, each.mean(), what=f"cross_entropy({shown}, one_hot({labels}))")
    return say("The mean of -log p of the true classes.")


@exercise("2-3")
def sgd_step(answer: Callable) -> str:
    """Check steps of gradient descent against the gradient in closed form.

    answer: function of `W` `(784, 10)`, `b` `(10,)` (variables), images `(batch, 784)`, labels
    `(batch,)` and a learning rate; changes the variables and returns the loss before the step.

    The gradient of the mean cross-entropy is `images.T @ (probabilities - one_hot) / batch`.
    """
    import tensorflow as tf

    random = np.random.default_rng()
    W, b = tf.Variable(tf.zeros((784, 10))), tf.Variable(tf.zeros(10))
    for count, rate in ((6, 0.5), (3, 0.1), (11, 0.25)):  # the third begins where the second ends
        if count == 3:
            W.assign(random.normal(scale=0.01, size=(784, 10)))
            b.assign(random.normal(size=10))
        images = random.random((count, 784), "float32")
        labels = random.integers(10, size=count)
        before = W.numpy(), b.numpy()
        loss = answer(W, b, tf.constant(images), tf.constant(labels), rate)
        probabilities = tf.nn.softmax(images @ before[0] + before[1]).numpy()
        error = (probabilities - np.eye(10)[labels]) / count
        _moved_downhill(W.numpy() - before[0], wanted := -rate * images.T @ error)
        fields = {"rate": rate, "count": count}
        what = say("the change of W with learning rate {rate} and a batch of {count}", **fields)
        compare(W.numpy() - before[0], wanted, what=what, rtol=1e-2)
        what = say("the change of b with learning rate {rate} and a batch of {count}", **fields)
        compare(b.numpy() - before[1], -rate * error.sum(axis=0), what=what, rtol=1e-2)
        expected = -np.log(probabilities[np.arange(count), labels]).mean()
        compare(loss, expected, what=say("the returned loss (before the step)"), rtol=1e-3)
    return say("Both variables moved against their gradients, and the loss was returned.")


def _moved_downhill(moved: np.ndarray, wanted: np.ndarray) -> None:
    if not np.any(moved):
        not_yet("W is as it was. Are the variables changed in place?")
    if np.allclose(moved, -wanted, rtol=1e-2, atol=1e-6):
        not_yet("W moved as far as it should, in the opposite direction: the loss grows.")


@exercise("2-4")
def accuracy_from_logits(answer: Callable) -> str:
    """Check the share of right predictions, computed from logits.

    answer: function of logits `(batch, classes)` and labels `(batch,)`, NumPy arrays, to one number
    in 0..1.
    """
    batches = [
        ([[2.0, 1.0, -3.0], [0.0, 5.0, 1.0]], [0, 1], 1.0),
        (
            [[-2.0, -1.0, -3.0], [9.0, 5.0, 1.0], [0.0, 0.5, 0.2], [7.0, 8.0, 9.0]],
            [1, 2, 1, 0],
            0.5,
        ),
        ([[1000.0, 2.0], [0.3, 0.1]], [1, 1], 0.0),
        ([[0.0, 1.0, 2.0, 9.0], [0.5, 8.0, 1.0, 2.0]], [3, 1], 1.0),
        ([[1000.0, 1001.0, 0.0]], [1], 1.0),
    ]
    random = np.random.default_rng()
    for count, classes in ((8, 5), (3, 10)):
        rows = random.permuted(np.arange(count * classes) - 20.0).reshape(count, classes)
        labels = np.where(random.random(count) < 0.6, rows.argmax(axis=1), rows.argmin(axis=1))
        share = np.mean(labels == rows.argmax(axis=1))
        batches.append((rows.tolist(), labels.tolist(), float(share)))
    for rows, labels, share in batches:
        came = answer(np.array(rows, "float32"), np.array(labels))
        is_number = came is not None and np.shape(came) == ()
        if is_number and share < len(labels) * share and np.isclose(came, share * len(labels)):
            not_yet(
                "Expected the share of right predictions, got their count, {count:g} of {size}.",
                **{"count": float(came), "size": len(labels)},
            )
        call = f"accuracy_from_logits({rows}, {labels})"
        what = say("the accuracy for random logits of shape {shape}", shape=np.shape(rows))
        compare(came, share, what=what if np.size(rows) > 12 else call)
    return say("The largest logit is the largest probability: no softmax needed.")


@exercise("2-6", sees_changes=True)
def good_batch(answer: Callable) -> str:
    """Check a batch drawn at random: each digit with its own label, from all, others each time.

    answer: function of images `(n, height, width)`, labels `(n,)`, which stay as they are, and the
    batch size; gives images `(batch, height, width)` and labels `(batch,)`.
    """
    random = np.random.default_rng()
    drawn = []
    for count, size in ((60, 20), (60, 20), (25, 1), (20_000, 200), *[(40, 10)] * 60):
        images = random.integers(0, 256, (count, 2, 3)).astype("uint8")
        labels = 100 + random.permutation(count)
        given = images.copy(), labels.copy()
        what = say("a batch of {size} from {count}", size=size, count=count)
        order = _own_labels(answer(images, labels, size), given, size, what)
        if not (np.array_equal(images, given[0]) and np.array_equal(labels, given[1])):
            not_yet("The arrays that you were given have changed. Draw numbers, not the arrays.")
        drawn.append((count, order))
    if np.array_equal(drawn[0][1], drawn[1][1]):
        not_yet("Two calls gave the same digits in the same order. Expected new ones at each call.")
    often = np.bincount(np.concatenate([order for count, order in drawn if count == 40]), None, 40)
    if often.min() == 0:  # by chance once in 100,000 times
        not_yet(
            "In 60 batches of 10 from 40 digits, {never} never came, such as the one at index "
            "{index}. Expected each with the same chance.",
            **{"never": np.sum(often == 0), "index": often.argmin()},
        )
    together = {tuple(sorted(order)) for count, order in drawn if count == 40}
    if len(together) < 60:  # by chance once in 100,000 times
        not_yet(
            "60 batches of 10 from 40 digits were only {few} different ones: the same digits come "
            "together. Expected each drawn by itself.",
            few=len(together),
        )
    if np.ptp(far := drawn[3][1]) < 10_000:  # by chance never
        not_yet(
            "200 of 20,000 digits all lay from index {low:,} to {high:,}. Expected some from "
            "everywhere.",
            **{"low": far.min(), "high": far.max()},
        )
    return say("Each digit keeps its label; all can come, and they differ each time.")


def _own_labels(came: object, given: tuple, size: int, what: str) -> np.ndarray:
    """Where the digits of a batch lay, once each of them stands beside its own label."""
    came = tuple(came) if isinstance(came, Iterator) else came  # of zip, or of map
    if came is None or isinstance(came, dict | str) or not hasattr(came, "__len__"):
        not_yet(
            "{what}: expected images and labels, got {kind}.", what=what, kind=type(came).__name__
        )
    if len(came) != 2:
        not_yet("{what}: expected images and labels, got {n} things.", what=what, n=len(came))
    images, labels = (np.asarray(part) for part in came)
    wanted = (size, *given[0].shape[1:])
    if images.shape != wanted or labels.shape != (size,):
        not_yet(
            "{what}: expected shapes {images} and {labels}, got {came} and {others}.",
            **{"what": what, "images": wanted, "labels": (size,)},
            **{"came": images.shape, "others": labels.shape},
        )
    place = {label: k for k, label in enumerate(given[1].tolist())}
    order = np.array([place.get(label, -1) for label in labels.tolist()])
    apart = (order < 0) | np.any(images != given[0][order], axis=(1, 2))
    if apart.any():
        not_yet(
            "{what}: {apart} of {size} images stand beside a label that is not their own.",
            **{"what": what, "apart": apart.sum(), "size": size},
        )
    return order


@exercise("2-7")
def best_rates(answer: dict, mind: str, loss_after: Callable) -> str:
    """Check learning rates for batches of three sizes: half and twice the rate are not better.

    answer: dict of batch size, 10, 100 and 1,000, to learning rate.
    mind: which rule the learner sees, and what would change their mind.
    loss_after: function of learning rate and batch size to the loss after training, one number.
    """
    if not isinstance(answer, dict) or set(answer) != set(REPEATS):
        not_yet(
            "Expected a rate for each of {sizes}, got {got!r}.", sizes=list(REPEATS), got=answer
        )
    for size, rate in plain(answer).items():
        if not isinstance(rate, float | int | np.number) or not 0 < float(rate) < np.inf:
            not_yet(
                "Batches of {size}: expected a rate above 0, got {rate!r}.", size=size, rate=rate
            )
        losses = {
            times: np.mean([loss_after(float(rate) * times, size) for _ in range(REPEATS[size])])
            for times in (0.5, 1, 2)
        }
        best = min(losses, key=lambda times: losses[times])
        if not losses[best] >= NOISE * losses[1]:
            not_yet(
                "Batches of {size}: rate {rate:g} ends at a loss of {loss:.3f}, rate {other:g} at "
                "{less:.3f}.",
                **{"size": size, "rate": float(rate), "loss": losses[1]},
                **{"other": float(rate) * best, "less": losses[best]},
            )
        if losses[1] > LEARNED:
            not_yet(
                "Batches of {size}: rate {rate:g} ends at a loss of {loss:.3f}, and an untrained "
                "model begins at 2.303. Try rates that are many times as large.",
                **{"size": size, "rate": float(rate), "loss": losses[1]},
            )
    rates = {"a": float(answer[10]), "b": float(answer[100]), "c": float(answer[1000])}
    asked = say(
        "Rates {a:g}, {b:g} and {c:g} for batches of 10, 100 and 1,000. Now say in `mind` which "
        "rule you see, and what would change your mind.",
        **rates,
    )
    claim(mind, asked, ABOUT)
    return say("Rates {a:g}, {b:g} and {c:g}: half and twice of each are not better.", **rates)
