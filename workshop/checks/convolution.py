"""Checks of lesson 04, the convolutional network."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.claim import claim
from workshop.checks.convolution_oracle import (
    is_near,
    map_of,
    name_the_slip,
    telling_kernel,
    two_digits,
)
from workshop.checks.course_map import progress as progress
from workshop.checks.engine import (
    accuracy,
    compare,
    exercise,
    keras_model,
    not_yet,
    scores_of,
)
from workshop.checks.expect import FULL_TRAINING_EXAMPLES
from workshop.messages import say

if TYPE_CHECKING:
    import keras

# Weights and biases that the small network of the last exercise may have.
PARAMETERS = 10_000
# Without those for validation, MNIST has this many training digits for each test digit.
TRAINING_PER_TEST = 5.5
ABOUT = (
    "param|layer|filter|kernel|dense|map|size|accura|seed|small|large|half|digit|network|model"
    "|schicht|genau|klein|netz|couche|précis|réseau|capa|precis|red|modelo"
)
IMAGE_AXES = 3  # height, width, channels
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
    cases += [(1, 1, 1, "valid"), (1, 1, 3, "same"), (9, 9, 1, "valid"), (6, 6, 4, "valid")]
    random = np.random.default_rng()
    for _ in range(20):  # other numbers each time
        size, stride = (int(n) for n in random.integers((20, 1), (300, 9)))
        kernel_size, padding = int(random.integers(1, 13)), str(random.choice(["valid", "same"]))
        cases.append((size, kernel_size, stride, padding))
    for size, kernel_size, stride, padding in cases:
        # With a name of its own it does not move on the numbers in the names of the learner's.
        layer = keras.layers.Conv2D(1, kernel_size, stride, padding, name="oracle")
        expected = layer.compute_output_shape((1, size, size, 1))[1]
        what = f"output_size({size}, {kernel_size}, {stride}, {padding!r})"
        came = answer(size, kernel_size, stride, padding)
        if isinstance(came, str):
            not_yet("{what}: expected a number, got the text {got!r}.", what=what, got=came)
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

    random = np.random.default_rng()
    cases = (
        ((5, 5, 1), (3, 3, 1, 1)),
        ((6, 8, 1), (3, 2, 1, 4)),
        ((7, 6, 3), (3, 3, 3, 2)),
        ((9, 9, 2), (1, 4, 2, 3)),
        ((8, 12, 5), (5, 3, 5, 2)),
        ((4, 6, 2), (4, 6, 2, 3)),  # the kernel fits in one place
    )
    for image_shape, kernel_shape in cases:
        image = random.normal(size=image_shape).astype("float32")
        kernels = random.normal(size=kernel_shape).astype("float32")
        expected = tf.nn.conv2d(image[np.newaxis], kernels, strides=1, padding="VALID")[0].numpy()
        came = answer(image, kernels)
        name_the_slip(came, expected, image, kernels)
        what = say(
            "convolve of an image {image} with kernels {kernels}",
            **{"image": image_shape, "kernels": kernel_shape},
        )
        compare(came, expected, what=what, rtol=1e-3, atol=1e-4)
    return say("The same numbers as tf.nn.conv2d.")


@exercise("4-3")
def max_pool(answer: Callable) -> str:
    """Check max pooling of 2 x 2 pixels against `tf.nn.max_pool2d`.

    answer: function of maps `(batch, height, width, channels)`, a float32 array of even height and
    width, to maps `(batch, height / 2, width / 2, channels)`.
    """
    import tensorflow as tf

    random = np.random.default_rng()
    cases = (((1, 4, 4, 1), 0), ((2, 4, 6, 3), 0), ((3, 8, 2, 2), -9), ((5, 2, 10, 7), 0))
    for shape, offset in cases:
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
    _has_shapes(answer)
    given = [layer for layer in _layers(answer) if not _is_passed_over(layer)]
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
    images = np.random.default_rng().integers(0, 256, (3, 28, 28)).astype("uint8")
    chances = np.asarray(answer.predict(images, verbose=0))
    compare(chances.sum(axis=-1), np.ones(3), what=say("the sum of the ten outputs of an image"))
    if np.any(chances < 0):
        not_yet("Expected ten probabilities, got some below 0. Which activation ends the table?")
    return say("All six shapes, and {count:,} parameters.", count=answer.count_params())


def _layers(model: "keras.Model") -> Iterator["keras.Layer"]:
    """Give the layers of a model, and those of models within it."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _layers(layer)
        else:
            yield layer


def _is_passed_over(layer: "keras.Layer") -> bool:
    """Whether a layer prepares the picture, or leaves its shape and has no weights."""
    import keras

    kinds = keras.layers
    if isinstance(layer, (kinds.InputLayer, kinds.Rescaling, kinds.Normalization)):
        return True
    shape = tuple(layer.output.shape[1:])
    if isinstance(layer, (kinds.Reshape, kinds.Permute)):
        return len(shape) == IMAGE_AXES
    if isinstance(layer, kinds.ZeroPadding2D):
        return True
    return layer.count_params() == 0 and tuple(layer.input.shape[1:]) == shape


@exercise("4-5")
def small_network(answer: "keras.Model", mind: str, x_test: np.ndarray, y_test: np.ndarray) -> str:
    """Check a convolutional network of at most 10,000 parameters that the learner trained.

    answer: Keras model of images `(batch, 28, 28)`, 0..255, to `(batch, 10)`.
    mind: a sentence.
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
    asked = say(
        "Now say in `mind` what would change your mind about how many parameters reading digits "
        "needs."
    )
    claim(mind, asked, ABOUT)
    return say("Test accuracy {reached:.3f} with {size:,} parameters.", reached=reached, size=size)


@exercise("4-6")
def learn_kernel(answer: Callable, images: np.ndarray) -> str:
    """Check that a kernel is found from a picture and its map.

    answer: function of an image `(height, width)`, float32, 0..1, and its map `(height - 2, width
    - 2)` to the kernel `(3, 3)`.
    images: digits `(n, 28, 28)`, uint8.
    A kernel of random numbers made the map, in the second case one with no positive number; on
    another digit, the kernel that was found has to give nearly the same map.
    """
    random = np.random.default_rng()
    first = images[: len(images) // 2]
    for height, width in ((28, 28), (28, 24)):
        seen, other = two_digits(first, random)
        seen = seen[:height, :width]
        kernel = telling_kernel(seen, random)
        if width < height:
            kernel = -np.abs(kernel)
        came = answer(seen, map_of(seen, kernel))
        if np.shape(came) != (3, 3):
            compare(came, kernel, what=say("the shape of your kernel"))
        found = np.asarray(came, dtype="float32")
        if not np.isfinite(found).all():
            not_yet("Your kernel has values that are not numbers. Are your steps too large?")
        if not found.any():
            not_yet("Your kernel is still all zeros: what is the gradient there?")
        is_near(found, kernel, other)
    return say("Two kernels of random numbers found again, each from one digit.")


def _has_shapes(answer: object) -> None:
    keras_model(answer)
    if not hasattr(answer, "layers"):
        not_yet("Expected a Keras model with layers, got {kind}.", kind=type(answer).__name__)
    if not getattr(answer, "built", True):
        not_yet("Your model has no shapes yet. Begin it with keras.Input((28, 28)).")
