"""Checks of lesson 07b, own steps, metrics over batches, averages and hooks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import accuracy, compare, exercise, not_yet
from workshop.messages import say

if TYPE_CHECKING:
    import keras

CLASSES = 10
STEPS, BATCH = 60, 50
# Of what the step of `fit` reads. A network that has learned nothing is right once in ten.
LEARNED = 0.7
ABOUT = (
    "step|gradient|nois|sign|weight|label|mix|clip|averag|seed|run|overfit|generali|accura|loss|fit"
    "|learn|network|batch|pixel|image|update|large|small|rausch|gewicht|schritt|lern|verlust|netz"
    "|bruit|poids|pas|réseau|perte|ruido|peso|paso|gradiente"
)


@exercise("7b-2")
def in_pieces(answer: Callable) -> str:
    """Check gradients that were combined from pieces of a batch against those of the whole.

    answer: function of a function (images, labels -> list of arrays, the gradients of the mean
    loss), images `(batch, ...)`, labels `(batch,)` and the size of a piece, to a list of arrays,
    the gradients of the whole batch.
    """
    rng = np.random.default_rng()
    random = int(rng.integers(6, 14))
    for count, shape, layers in ((10, (3,), 2), (random, (2, 3), 3), (7, (4,), 1)):
        x, y = rng.normal(size=(count, *shape)), rng.normal(size=count)
        kernel, sizes = rng.normal(size=shape), []

        def gradients_of(images, labels, kernel=kernel, sizes=sizes, layers=layers):
            images, labels = np.asarray(images), np.asarray(labels)
            sizes.append(len(images))
            off = np.tensordot(images, kernel, kernel.ndim) - labels
            of_kernel = 2 * np.tensordot(off, images, 1) / len(images)
            return [of_kernel, np.array(2 * off.mean()), of_kernel.ravel()[:2]][:layers]

        whole = gradients_of(x, y)
        for size in (count // 2, 4, 3, 1, count, 2 * count):
            sizes.clear()
            came = answer(gradients_of, x, y, size)
            what = say(
                "in_pieces(gradients_of, images, labels, {size}) for {count} examples",
                **{"size": size, "count": count},
            )
            _as_many(came, whole, what)
            if max(sizes, default=0) > size:
                not_yet(
                    "{what}: expected pieces of {size} or fewer, got one of {largest}.",
                    **{"what": what, "size": size, "largest": max(sizes)},
                )
            # One more may have looked at how many gradients there are.
            if len(sizes) > (pieces := -(-count // size)) + 1:
                not_yet(
                    "{what}: expected {expected} pieces, got {got}. Is `size` used?",
                    **{"what": what, "expected": pieces, "got": len(sizes)},
                )
            for number, (part, expected) in enumerate(zip(came, whole, strict=True)):
                compare(part, expected, what=say("{call}, gradient {n}", call=what, n=number))
    return say("These are the gradients of the whole batch, from pieces of any size.")


def _as_many(came: object, whole: list[np.ndarray], what: str) -> None:
    if not isinstance(came, list | tuple):
        not_yet(
            "{what}: expected a list, one array per layer, got {kind}.",
            **{"what": what, "kind": type(came).__name__},
        )
    if len(came) != len(whole):
        not_yet(
            "{what}: expected as many arrays as gradients_of gives ({expected}), got {got}.",
            **{"what": what, "expected": len(whole), "got": len(came)},
        )


@exercise("7b-3")
def ema_step(answer: Callable) -> str:
    """Check a moving average and its correction against a weighted mean of all values.

    answer: function of the average so far, a value (a number or array), the decay and the step
    (from 1), to the new average and the corrected one.
    """
    rng = np.random.default_rng()
    for decay, values in (
        (0.9, rng.normal(1, 0.3, 6)),
        (0.99, rng.normal(size=(4, 2))),
        (round(rng.uniform(0.2, 0.8), 2), rng.normal(50, 9, size=(5, 3, 2))),
        (0.5, rng.normal(size=12).tolist()),
    ):
        average = np.zeros_like(values[0])
        for step in range(1, len(values) + 1):
            came = answer(average, values[step - 1], decay, step)
            what = f"ema_step(..., decay={decay}, step={step})"
            if not isinstance(came, list | tuple) and np.shape(came) != (2, *np.shape(average)):
                kind = type(came).__name__
                not_yet("{what}: expected (average, corrected), got {kind}.", what=what, kind=kind)
            if (count := len(came)) != 2:
                not_yet("{what}: expected two results, got {count}.", what=what, count=count)
            shares = decay ** np.arange(step - 1, -1, -1)
            mean = np.average(values[:step], axis=0, weights=shares)
            seen = 1 - decay**step
            compare(came[0], mean * seen, what=say("the average of {call}", call=what))
            compare(came[1], mean, what=say("the corrected average of {call}", call=what))
            average = np.array(came[0]) if isinstance(came[0], list | tuple) else came[0]
    return say(
        "Corrected, the average is a weighted mean of the values so far; the initial bias is gone."
    )


@exercise("7b-4")
def stop_at(answer: type) -> str:
    """Check a callback that ends the training at a step of the model's life.

    answer: subclass of `keras.callbacks.Callback`, made with the step to stop at.
    """
    import keras

    _is_callback(answer)
    plain = keras.callbacks.Callback
    x, y = np.ones((10, 2), "float32"), np.ones((10, 1), "float32")
    # Counted here: a callback can set the optimizer's own number.
    steps: list[int] = []
    counter = plain()
    counter.on_train_batch_end = lambda batch, logs=None: steps.append(batch)
    rng = np.random.default_rng()
    first = int(rng.integers(4, 15))
    second = first + int(rng.integers(2, 9))
    for stops in ((3,), (10,), (7, 9), (first, second), (5, 30), (100,), (12, 8)):
        model = _line()
        steps.clear()
        for stop in stops:
            expected = min(max(stop, len(steps) + 1), len(steps) + 20)
            hooked = [counter, answer(stop)]
            model.fit(x, y, 2, 4, verbose=0, callbacks=hooked, shuffle=False)
            if (made := len(steps)) == expected:
                continue
            fields = {"stop": stop, "first": stops[0], "expected": expected, "made": made}
            if stop != stops[0]:
                not_yet(
                    "StopAt({stop}) in a second fit, after one to step {first}: expected to end at "
                    "step {expected}, got {made}.",
                    **fields,
                )
            not_yet(
                "StopAt({stop}) in a fit of 4 epochs with 5 steps each: expected to end at step "
                "{expected}, got {made}.",
                **fields,
            )
    return say(
        "It stops at its step, within an epoch and across two calls of fit. The hook is back."
    )


def _is_callback(answer: object) -> None:
    """Say not yet of what is no class of a callback, or has nothing that `fit` could call."""
    import keras

    if not (isinstance(answer, type) and issubclass(answer, keras.callbacks.Callback)):
        not_yet(
            "Expected a subclass of keras.callbacks.Callback, not an instance, got {kind}.",
            kind=type(answer).__name__,
        )
    plain = keras.callbacks.Callback
    hooks = [name for name in dir(plain) if name.startswith("on_")]
    # A LambdaCallback keeps its hooks in the instance.
    own = [name for name in hooks if getattr(answer, name) is not getattr(plain, name)]
    if not own and not set(hooks) & set(vars(answer(1))):
        not_yet("Your class has no method yet that `fit` could call.")


def _line() -> "keras.Model":
    """Nothing in it is random, which would ask for a seed where operations are deterministic."""
    import keras

    layers = keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")
    model = keras.Sequential(layers)
    model.compile("sgd", "mse")
    return model


@exercise("7b-5")
def my_step(answer: type, why: str, images: np.ndarray, labels: np.ndarray) -> str:
    """Check a `train_step` of the learner beside that of `keras.Model`, for the same digits.

    answer: subclass of `keras.Model` that changes the step; made with inputs and outputs.
    why: why it should help, and what would change the learner's mind.
    images: digits `(n, 28, 28)`, 0..255, at least 500.
    labels: the digits' classes, `(n,)`.
    """
    import keras

    if not (isinstance(answer, type) and issubclass(answer, keras.Model)):
        kind = type(answer).__name__
        not_yet("Expected a subclass of keras.Model, not an instance, got {kind}.", kind=kind)
    plain, kernel, _ = _trained(keras.Model, images, labels)
    own, own_kernel, history = _trained(answer, images, labels)
    fields = {"steps": STEPS, "own": own, "plain": plain}
    if not np.isfinite(own_kernel).all():
        not_yet(
            "After {steps} steps weights are NaN or infinite. How large are your steps?", **fields
        )
    if np.allclose(kernel, own_kernel, rtol=1e-4, atol=1e-6):
        not_yet(
            "After {steps} steps the weights are those of `fit`. Does your change have any effect?",
            **fields,
        )
    if "loss" not in history:
        not_yet(
            "Expected the step to return the loss as well, so that `fit` can show it, got {got}.",
            got=sorted(history),
        )
    if own < LEARNED * plain:
        not_yet(
            "After {steps} steps it gets {own:.0%} of new digits right, `fit` alone {plain:.0%}. "
            "Do the gradients still reach the weights, with the right sign?",
            **fields,
        )
    asked = say(
        "It learns ({own:.1%} after {steps} steps). Now say in `reason` why it should help and "
        "which result would change your mind.",
        **{"own": own, "steps": STEPS},
    )
    claim(why, asked, ABOUT)
    return say(
        "After {steps} steps it gets {own:.1%} of new digits right, the step of `fit` "
        "{plain:.1%}. That is one seed: would the difference come back with another?",
        **fields,
    )


def _trained(
    kind: type, images: np.ndarray, labels: np.ndarray
) -> tuple[float, np.ndarray, dict[str, list[float]]]:
    """Train a small network of this kind; accuracy on other digits, a kernel, the history."""
    import keras

    keras.utils.set_random_seed(75)
    inputs = keras.Input((28, 28))
    x = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(inputs))
    x = keras.layers.Dense(32, "relu")(x)
    model = kind(inputs, keras.layers.Dense(CLASSES, "softmax")(x))
    # Gradients that are all multiplied by a number give the same steps, down to small ones.
    optimizer = keras.optimizers.Adam(0.005, epsilon=1e-14)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.test_on_batch(images[:1], labels[:1])  # builds metrics that an own step may leave out
    test_x, test_y = images[-len(images) // 5 :], labels[-len(labels) // 5 :]
    rows = np.arange(STEPS * BATCH) % (len(images) - len(test_x))
    fitted = model.fit(images[rows], labels[rows], batch_size=BATCH, verbose=0)
    reached = accuracy(model.predict_on_batch(test_x), test_y)
    return reached, model.get_weights()[0], fitted.history


@exercise("7b-6")
def accuracy_of(answer: Callable) -> str:
    """Check an accuracy over batches of different size against that over all examples at once.

    answer: function of a Keras model and a list of batches, each a pair of images `(n, 28, 28)` and
    labels `(n,)`, to the share of all labels that the model predicts.
    """
    rng = np.random.default_rng()
    model = _three_classes()
    for sizes in ((6, 6, 1), (5,), (4, 4), rng.integers(1, 9, size=5).tolist(), (1, 1, 7)):
        batches, hits = [], []
        for place, size in enumerate(sizes):
            images = rng.normal(size=(size, 28, 28)).astype("float32")
            classes = np.argmax(model.predict_on_batch(images), axis=1)
            # The last batch is all right, of the others a part is: their means differ.
            is_hit = rng.random(size) < (1 if place == len(sizes) - 1 else 0.4)
            batches.append((images, np.where(is_hit, classes, (classes + 1) % 3).astype("uint8")))
            hits.extend(is_hit)
        what = say("accuracy_of with batches of {sizes}", sizes=", ".join(map(str, sizes)))
        before = model.get_weights()
        compare(answer(model, batches), np.mean(hits), what=what)
        if not all(map(np.array_equal, before, model.get_weights())):
            not_yet("The model's weights have changed. Measuring is not training.")
    return say("Right answers and examples are counted over all batches and divided once.")


def _three_classes() -> "keras.Model":
    import keras

    layers = keras.layers
    outputs = layers.Dropout(0.5), layers.Dense(3, "softmax", kernel_initializer="glorot_normal")
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), *outputs])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    # With a bias it reads other classes in pixels that are scaled.
    model.layers[-1].bias.assign([0.5, 0.0, -0.5])
    return model
