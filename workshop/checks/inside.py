"""Checks of lesson 07b, the outputs of layers, own steps, averages and hooks."""

from collections.abc import Callable, Mapping

import numpy as np

from workshop.checks.engine import compare, exercise, not_yet, reason

CLASSES = 10
STEPS, BATCH = 60, 50
# A network that has learned nothing is right once in ten.
LEARNED = 0.3


@exercise("7b-1")
def outputs_by_name(answer: Callable) -> str:
    """Check the outputs of some layers against those layers, called one after the other.

    Args:
        answer: function of a Keras model, images `(batch, 28, 28)` and a list of layers' names,
            that returns a dict with one array `(batch, ...)` a name.

    Returns:
        The outcome: three choices of layers, dropout switched off, the model left as it was.
    """
    import keras

    dense = keras.layers.Dense
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Flatten(name="pixels"),
            dense(6, "tanh", name="hidden"),
            keras.layers.Dropout(0.5, name="drop"),
            dense(3, "softmax", name="classes"),
        ]
    )
    images = np.random.default_rng(71).normal(size=(4, 28, 28)).astype("float32")
    oracle, values = {}, images
    for layer in model.layers:
        values = oracle[layer.name] = layer(values, training=False)
    for names in (["hidden"], ["classes", "pixels"], ["drop", "hidden", "classes"]):
        came = answer(model, images, list(names))
        what = f"outputs_by_name(model, images, {names})"
        if not isinstance(came, Mapping):
            not_yet(f"{what} gave a {type(came).__name__}; a dict, name to array, is needed.")
        if set(came) != set(names):
            not_yet(f"{what} has the keys {sorted(map(str, came))}; {sorted(names)} are needed.")
        for name in names:
            if hasattr(came[name], "history") or type(came[name]).__name__ == "KerasTensor":
                not_yet(f"{what}[{name!r}] has no numbers yet. Which images went in?")
            if not isinstance(came[name], np.ndarray):
                not_yet(f"{what}[{name!r}] is a {type(came[name]).__name__}; an array is needed.")
            compare(came[name], oracle[name], what=f"{what}[{name!r}]", rtol=1e-3)
    return "Each layer that was asked for, by its name, and no other."


@exercise("7b-2")
def in_pieces(answer: Callable) -> str:
    """Check gradients that were combined from pieces of a batch against those of the whole.

    Args:
        answer: function of a function (images, labels -> list of arrays, the gradients of the mean
            loss), images `(batch, inputs)`, labels `(batch,)` and the size of a piece.

    Returns:
        The outcome: pieces that divide the batch, that don't, and one that holds all of it.
    """
    rng = np.random.default_rng(72)
    images, labels = rng.normal(size=(10, 3)), rng.normal(size=10)
    kernel, largest = np.array([0.5, -1.0, 2.0]), 0

    def gradients_of(x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
        nonlocal largest
        largest = max(largest, len(x))
        off = x @ kernel - y
        return [2 * x.T @ off / len(x), np.array(2 * off.mean())]

    whole = gradients_of(images, labels)
    for size in (5, 4, 3, 1, 10, 20):
        largest = 0
        came = answer(gradients_of, images, labels, size)
        what = f"in_pieces(gradients_of, images, labels, {size}) for 10 examples"
        if not isinstance(came, list | tuple):
            not_yet(f"{what} gave a {type(came).__name__}; a list, one array a layer, is needed.")
        if len(came) != len(whole):
            not_yet(f"{what} gave {len(came)} arrays; gradients_of gives {len(whole)}.")
        if largest > size:
            not_yet(f"{what}: a piece of {largest} examples was asked for; {size} is the limit.")
        for number, (part, expected) in enumerate(zip(came, whole, strict=True)):
            compare(part, expected, what=f"{what}, gradient {number},")
    return "The gradients of the whole batch, from pieces of any size."


@exercise("7b-3")
def ema_step(answer: Callable) -> str:
    """Check a moving average and its correction against a weighted mean of all values.

    Args:
        answer: function of the average so far, a value (a number or array), the decay and the step
            (from 1); returns the new average and the corrected one.

    Returns:
        The outcome: the first step, later ones, two decays, numbers and arrays.
    """
    rng = np.random.default_rng(73)
    for decay, values in ((0.9, rng.normal(1, 0.3, 6)), (0.99, rng.normal(size=(4, 2)))):
        average = np.zeros_like(values[0])
        for step in range(1, len(values) + 1):
            came = answer(average, values[step - 1], decay, step)
            what = f"ema_step(..., decay={decay}, step={step})"
            if not isinstance(came, list | tuple) or len(came) != 2:
                not_yet(f"{what} gave a {type(came).__name__}; (average, corrected) is needed.")
            shares = decay ** np.arange(step - 1, -1, -1)
            mean = np.average(values[:step], axis=0, weights=shares)
            seen = 1 - decay**step
            compare(came[0], mean * seen, what=f"the average of {what}")
            compare(came[1], mean, what=f"the corrected average of {what}")
            average = came[0]
    return "Corrected, it is the weighted mean of what it has seen; the false start is gone."


@exercise("7b-4")
def stop_at(answer: type) -> str:
    """Check a callback that ends the training at a step of the model's life.

    Args:
        answer: subclass of `keras.callbacks.Callback`, made with the step to stop at.

    Returns:
        The outcome: a stop within an epoch, at its end, in a second `fit`, and none at all.
    """
    import keras

    if not (isinstance(answer, type) and issubclass(answer, keras.callbacks.Callback)):
        not_yet(f"A {type(answer).__name__} came; a keras.callbacks.Callback is needed.")
    plain = keras.callbacks.Callback
    hooks = [name for name in dir(plain) if name.startswith("on_")]
    if all(getattr(answer, name) is getattr(plain, name) for name in hooks):
        not_yet("Your class has no method yet that `fit` could call.")
    x, y = np.ones((10, 2), "float32"), np.ones((10, 1), "float32")
    for stops in ((3,), (10,), (7, 9), (100,)):
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        made = 0
        for stop in stops:
            model.fit(x, y, batch_size=2, epochs=4, verbose=0, callbacks=[answer(stop)])
            expected = min(max(stop, made + 1), made + 20)
            made = int(model.optimizer.iterations)
            called = f"StopAt({stop}) in a fit of 4 epochs with 5 steps each"
            if stop != stops[0]:
                called = f"StopAt({stop}) in a second fit, after one to step {stops[0]}"
            if made != expected:
                not_yet(f"{called} ended at step {made}; {expected} was expected.")
    return "It stops at its step, within an epoch and across two fits. The hook is back."


@exercise("7b-5")
def my_step(answer: type, why: str, images: np.ndarray, labels: np.ndarray) -> str:
    """Check a `train_step` of the learner beside that of `keras.Model`, for the same digits.

    Args:
        answer: subclass of `keras.Model` that changes the step; made with inputs and outputs.
        why: why it should help, and what would change the learner's mind.
        images: digits `(n, 28, 28)`, 0..255, at least 500.
        labels: the digits' classes, `(n,)`.

    Returns:
        The outcome, with both accuracies on digits that neither was trained on.
    """
    import keras

    if not (isinstance(answer, type) and issubclass(answer, keras.Model)):
        not_yet(f"A {type(answer).__name__} came; a subclass of keras.Model is needed.")
    plain, kernel, _ = _trained(keras.Model, images, labels)
    own, own_kernel, history = _trained(answer, images, labels)
    if not np.isfinite(own_kernel).all():
        not_yet(f"After {STEPS} steps weights are NaN or infinite. How long are your steps?")
    if np.allclose(kernel, own_kernel, rtol=1e-4, atol=1e-6):
        not_yet(
            f"After {STEPS} steps the weights are those of `fit`. Does your change change anything?"
        )
    if "loss" not in history:
        not_yet(f"The step returned {sorted(history)}; `fit` needs the loss as well to show it.")
    if own < LEARNED:
        not_yet(
            f"After {STEPS} steps it reads {own:.0%} of fresh digits, `fit` alone {plain:.0%}. "
            "Do the gradients still reach the weights, with the right sign?"
        )
    now = "Now say in `reason` why it should help and which result would change your mind"
    reason(why, f"It learns ({own:.1%} after {STEPS} steps). {now}")
    return (
        f"After {STEPS} steps it reads {own:.1%} of fresh digits, the step of `fit` {plain:.1%}. "
        "One seed: which difference would come back with another?"
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
    model.compile(
        keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    test_x, test_y = images[-len(images) // 5 :], labels[-len(labels) // 5 :]
    rows = np.arange(STEPS * BATCH) % (len(images) - len(test_x))
    fitted = model.fit(images[rows], labels[rows], batch_size=BATCH, verbose=0)
    read = model.predict_on_batch(test_x).argmax(axis=1)
    return float(np.mean(read == test_y)), model.get_weights()[0], fitted.history
