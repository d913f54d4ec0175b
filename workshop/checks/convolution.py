"""Checks of lesson 04, the convolutional network."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import accuracy, compare, exercise, keras_model, not_yet, scores_of
from workshop.checks.expect import FULL_TRAINING_EXAMPLES
from workshop.messages import say

if TYPE_CHECKING:
    import keras

# Weights and biases that the small network of the last exercise may have.
PARAMETERS = 10_000
# Without those for validation, MNIST has this many training digits for each test digit.
TRAINING_PER_TEST = 5.5
# (output shape without the batch, parameters) of each layer in the exercise on stacks.
STACK = (
    ((28, 28, 8), 208),
    ((14, 14, 8), 0),
    ((12, 12, 16), 1_168),
    ((6, 6, 16), 2_320),
    ((576,), 0),
    ((10,), 5_770),
)


@exercise("4-1")
def output_size(answer: Callable) -> str:
    """Check the size after a convolution against a Keras layer.

    answer: function of an image's size, the kernel's size, the stride (pixels, ints) and the
    padding (`"valid"` or `"same"`) to the size of the map.
    """
    import keras

    cases = [
        (size, kernel_size, stride, padding)
        for padding in ("valid", "same")
        for stride in (1, 2, 3)
        for size in (7, 14, 28, 32)
        for kernel_size in (1, 2, 3, 5, 6)
    ]
    for size, kernel_size, stride, padding in cases:
        # With a name of its own it does not move on the numbers in the names of the learner's.
        layer = keras.layers.Conv2D(1, kernel_size, stride, padding, name="oracle")
        expected = layer.compute_output_shape((1, size, size, 1))[1]
        what = f"output_size({size}, {kernel_size}, {stride}, {padding!r})"
        came = answer(size, kernel_size, stride, padding)
        if np.shape(came) == () and isinstance(came, float) and not came.is_integer():
            not_yet(
                "{what} gave {got:g}: a map has whole pixels. Which way do you round?",
                **{"what": what, "got": came},
            )
        compare(came, expected, what=what)
    return say("All {count} sizes are those of a Keras layer.", count=len(cases))


@exercise("4-2")
def convolve(answer: Callable) -> str:
    """Check a convolution with channels against `tf.nn.conv2d`.

    answer: function of an image `(height, width, input channels)` and kernels `(height, width,
    input channels, output channels)`, float32 arrays, to the maps `(height, width, output
    channels)`: stride 1, no padding.
    """
    import tensorflow as tf

    random = np.random.default_rng(4)
    cases = (
        ((5, 5, 1), (3, 3, 1, 1)),
        ((6, 8, 1), (3, 2, 1, 4)),
        ((7, 6, 3), (3, 3, 3, 2)),
        ((9, 9, 2), (1, 4, 2, 3)),
    )
    for image_shape, kernel_shape in cases:
        image = random.normal(size=image_shape).astype("float32")
        kernels = random.normal(size=kernel_shape).astype("float32")
        expected = tf.nn.conv2d(image[np.newaxis], kernels, strides=1, padding="VALID")[0].numpy()
        came = answer(image, kernels)
        _name_the_slip(came, expected, image, kernels)
        what = say(
            "convolve of an image {image} with kernels {kernels}",
            **{"image": image_shape, "kernels": kernel_shape},
        )
        compare(came, expected, what=what, rtol=1e-3, atol=1e-4)
    return say("The same numbers as tf.nn.conv2d.")


def _name_the_slip(
    came: object, expected: np.ndarray, image: np.ndarray, kernels: np.ndarray
) -> None:
    """Tell mirrored kernels, padded maps and channels that were not added from other slips."""
    import tensorflow as tf

    shape = np.shape(came)
    if shape == (*expected.shape[:2], image.shape[-1], expected.shape[-1]):
        not_yet(
            "Expected maps of shape {expected}, got {got}: the axis of the input channels "
            "({channels}) is left. What happens to the input channels of a patch?",
            **{"expected": expected.shape, "got": shape, "channels": image.shape[-1]},
        )
    if shape == (*image.shape[:2], expected.shape[-1]) != expected.shape:
        not_yet(
            "Expected maps of shape {expected}, got {got}, as large as the image. Without padding "
            "a kernel of {height} x {width} fits in fewer places.",
            **{"expected": expected.shape, "got": shape},
            **{"height": kernels.shape[0], "width": kernels.shape[1]},
        )
    if shape != expected.shape:
        return
    mirrored = tf.nn.conv2d(image[np.newaxis], kernels[::-1, ::-1], strides=1, padding="VALID")
    first = tf.nn.conv2d(image[np.newaxis, ..., :1], kernels[:, :, :1], strides=1, padding="VALID")

    def is_slip(other: np.ndarray) -> bool:
        return not np.allclose(other, expected, atol=1e-3) and np.allclose(came, other, atol=1e-3)

    if is_slip(mirrored[0]):
        not_yet("Your kernels are mirrored; in this field a kernel is laid on as it is.")
    if is_slip(first[0]):
        not_yet("Only the first input channel counts in your maps; all of them should.")


@exercise("4-3")
def max_pool(answer: Callable) -> str:
    """Check max pooling of 2 x 2 pixels against `tf.nn.max_pool2d`.

    answer: function of maps `(batch, height, width, channels)`, a float32 array of even height and
    width, to maps `(batch, height / 2, width / 2, channels)`.
    """
    import tensorflow as tf

    random = np.random.default_rng(43)
    for shape, offset in (((1, 4, 4, 1), 0), ((2, 4, 6, 3), 0), ((3, 8, 2, 2), -9)):
        maps = (random.normal(size=shape) + offset).astype("float32")
        came = answer(maps)
        what = say("max_pool of maps {shape}", shape=shape)
        if offset:
            what = say("max_pool of negative maps {shape}", shape=shape)
        expected = tf.nn.max_pool2d(maps, 2, 2, "VALID")
        if np.shape(came) == expected.shape:
            if np.allclose(came, tf.nn.avg_pool2d(maps, 2, 2, "VALID"), atol=1e-4):
                not_yet(
                    "{what}: expected the largest value of each square, got the mean.", what=what
                )
            if not np.isin(np.asarray(came, "float32"), maps).all():
                not_yet("{what}: got values that are not in the maps.", what=what)
        compare(came, expected, what=what)
    return say("The largest of each 2 x 2 square, channel by channel.")


@exercise("4-4")
def layer_stack(answer: "keras.Model") -> str:
    """Check a stack of layers by its shapes and parameters.

    answer: Keras model of images `(batch, 28, 28)`, 0..255, to ten probabilities. Layers that
    prepare the image and activations of their own are passed over.
    """
    import keras

    _has_shapes(answer)
    kinds = keras.layers
    noise = (kinds.InputLayer, kinds.Reshape, kinds.Rescaling, kinds.Activation, kinds.Dropout)
    given = [
        layer
        for layer in answer.layers
        if not isinstance(layer, (*noise, kinds.ReLU, kinds.Softmax, kinds.Normalization))
    ]
    for place, (layer, (shape, size)) in enumerate(zip(given, STACK, strict=False), start=1):
        came, parameters = tuple(layer.output.shape[1:]), layer.count_params()
        named = {"place": place, "kind": type(layer).__name__}
        if came != shape:
            not_yet(
                "Layer {place} ({kind}): expected output shape {expected}, got {got}.",
                **{**named, "expected": shape, "got": came},
            )
        if parameters != size:
            not_yet(
                "Layer {place} ({kind}): the shape is right; expected {expected:,} parameters, "
                "got {got:,}.",
                **{**named, "expected": size, "got": parameters},
            )
    if (count := len(given)) != len(STACK):
        not_yet(
            "Expected the {expected} layers of the table, got {got}.",
            expected=len(STACK),
            got=count,
        )
    chances = np.asarray(answer(np.zeros((2, 28, 28), np.uint8)))
    compare(chances.sum(axis=-1), np.ones(2), what=say("the sum of the ten outputs of an image"))
    return say("All six shapes, and {count:,} parameters.", count=answer.count_params())


@exercise("4-5")
def small_network(answer: "keras.Model", x_test: np.ndarray, y_test: np.ndarray) -> str:
    """Check a convolutional network of at most 10,000 parameters that the learner trained.

    answer: Keras model of images `(batch, 28, 28)`, 0..255, to `(batch, 10)`.
    x_test: test images `(n, 28, 28)`, uint8.
    y_test: labels `(n,)`.
    The mark lies above what a linear classifier or a dense layer of that size reaches.
    """
    _has_shapes(answer)
    if (size := answer.count_params()) > PARAMETERS:
        not_yet("Expected at most {most:,} parameters, got {got:,}.", most=PARAMETERS, got=size)
    reached = accuracy(scores_of(answer, x_test), y_test)
    is_full = TRAINING_PER_TEST * len(x_test) >= FULL_TRAINING_EXAMPLES
    least = 0.98 if is_full else 0.93
    if reached < least:
        not_yet(
            "Test accuracy: expected at least {least:g}, got {got:.3f}. Does your model take grey "
            "values 0..255? Is the loss still falling at the end? Which layer has most of the "
            "parameters?",
            **{"least": least, "got": reached},
        )
    return say("Test accuracy {reached:.3f} with {size:,} parameters.", reached=reached, size=size)


def _has_shapes(answer: object) -> None:
    keras_model(answer)
    if not hasattr(answer, "layers"):
        not_yet("Expected a Keras model with layers, got {kind}.", kind=type(answer).__name__)
    if not getattr(answer, "built", True):
        not_yet("Your model has no shapes yet. Begin it with keras.Input((28, 28)).")
