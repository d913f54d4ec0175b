"""Checks of lesson 04, the convolutional network."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from workshop.checks.engine import compare, exercise, not_yet

if TYPE_CHECKING:
    import keras

# Weights and biases that the small network of the last exercise may have.
PARAMETERS = 10_000
# The number of test digits tells the full data from the packaged sample.
FULL_TEST_EXAMPLES = 10_000
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

    Args:
        answer: function of an image's size, the kernel's size, the stride (pixels, ints) and
            the padding (`"valid"` or `"same"`) that returns the size of the map.

    Returns:
        The outcome: strides of 1 to 3 that fit and that leave pixels over, both paddings.
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
            not_yet(f"{what} gave {came:g}: a map has whole pixels. Which way do you round?")
        compare(came, expected, what=what)
    return f"All {len(cases)} sizes are those of a Keras layer."


@exercise("4-2")
def convolve(answer: Callable) -> str:
    """Check a convolution with channels against `tf.nn.conv2d`.

    Args:
        answer: function of an image `(height, width, input channels)` and kernels `(height,
            width, input channels, output channels)`, float32 arrays, that returns the maps
            `(height, width, output channels)`: stride 1, no padding.

    Returns:
        The outcome: one and three input channels, square and oblong images and kernels.
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
        what = f"convolve of an image {image_shape} with kernels {kernel_shape}"
        came = answer(image.copy(), kernels.copy())
        if came is not None and came is not ...:
            _name_the_slip(came, expected, image, kernels)
        compare(came, expected, what=what, rtol=1e-3, atol=1e-4)
    return "The same numbers as tf.nn.conv2d."


def _name_the_slip(
    came: object, expected: np.ndarray, image: np.ndarray, kernels: np.ndarray
) -> None:
    """Tell mirrored kernels, padded maps and channels that were not added from other slips."""
    import tensorflow as tf

    shape = np.shape(came)
    if shape == (*expected.shape[:2], image.shape[-1], expected.shape[-1]):
        not_yet(
            f"The maps have the shape {shape}, an axis of {image.shape[-1]} input channels is left."
            " What happens to the input channels of a patch?"
        )
    if shape == (*image.shape[:2], expected.shape[-1]) != expected.shape:
        not_yet(
            f"The maps have the shape {shape}, as large as the image; without padding a kernel of "
            f"{kernels.shape[0]} x {kernels.shape[1]} fits in fewer places: {expected.shape}."
        )
    if shape != expected.shape:
        return
    mirrored = tf.nn.conv2d(image[np.newaxis], kernels[::-1, ::-1], strides=1, padding="VALID")
    first = tf.nn.conv2d(image[np.newaxis, ..., :1], kernels[:, :, :1], strides=1, padding="VALID")
    for other, why in (
        (mirrored[0], "Your kernels are mirrored; in this field a kernel is laid on as it is."),
        (first[0], "Only the first input channel counts in your maps; all of them are needed."),
    ):
        if not np.allclose(other, expected, atol=1e-3) and np.allclose(came, other, atol=1e-3):
            not_yet(why)


@exercise("4-3")
def max_pool(answer: Callable) -> str:
    """Check max pooling of 2 x 2 pixels against TensorFlow.

    Args:
        answer: function of maps `(batch, height, width, channels)`, a float32 array of even
            height and width, that returns `(batch, height / 2, width / 2, channels)`.

    Returns:
        The outcome: one and more images and channels, also where all values are negative.
    """
    import tensorflow as tf

    random = np.random.default_rng(43)
    for shape, offset in (((1, 4, 4, 1), 0), ((2, 4, 6, 3), 0), ((3, 8, 2, 2), -9)):
        maps = (random.normal(size=shape) + offset).astype("float32")
        came = answer(maps.copy())
        what = f"max_pool of {'negative ' if offset else ''}maps {shape}"
        expected = tf.nn.max_pool2d(maps, 2, 2, "VALID")
        if np.shape(came) == expected.shape:
            if np.allclose(came, tf.nn.avg_pool2d(maps, 2, 2, "VALID"), atol=1e-4):
                not_yet(f"{what}: the mean of each square came; its largest value is needed.")
            if not np.isin(np.asarray(came, "float32"), maps).all():
                not_yet(f"{what}: values came that are not in the maps.")
        compare(came, expected, what=what)
    return "The largest of each 2 x 2 square, channel by channel."


@exercise("4-4")
def layer_stack(answer: "keras.Model") -> str:
    """Check a stack of layers by its shapes and parameters.

    Args:
        answer: Keras model of images `(batch, 28, 28)`, 0..255. Layers that prepare the image and
            activations of their own are passed over.

    Returns:
        The outcome: convolution, pooling, two convolutions, a flat row and ten probabilities.
    """
    import keras

    _is_model(answer)
    kinds = keras.layers
    noise = (kinds.InputLayer, kinds.Reshape, kinds.Rescaling, kinds.Activation, kinds.Dropout)
    given = [
        layer
        for layer in answer.layers
        if not isinstance(layer, (*noise, kinds.ReLU, kinds.Softmax, kinds.Normalization))
    ]
    for place, (layer, (shape, size)) in enumerate(zip(given, STACK, strict=False), start=1):
        came, parameters = tuple(layer.output.shape[1:]), layer.count_params()
        name = f"Layer {place} ({type(layer).__name__})"
        if came != shape:
            not_yet(f"{name}: the shape {came} comes out; {shape} was asked for.")
        if parameters != size:
            not_yet(f"{name}: the shape is right; it has {parameters:,} parameters, not {size:,}.")
    if len(given) != len(STACK):
        not_yet(f"{len(given)} layers came that change the shape; {len(STACK)} are in the table.")
    chances = np.asarray(answer(np.zeros((2, 28, 28), np.uint8)))
    compare(chances.sum(axis=-1), np.ones(2), what="the sum of the ten outputs of an image")
    return f"All six shapes, and {answer.count_params():,} parameters."


@exercise("4-5")
def small_network(answer: "keras.Model", x_test: np.ndarray, y_test: np.ndarray) -> str:
    """Check a convolutional network of at most 10,000 parameters that the learner trained.

    The mark lies above what a linear classifier or a dense layer of that size reaches; how far
    the model goes beyond is the learner's question.

    Args:
        answer: Keras model of images `(batch, 28, 28)`, 0..255, that returns `(batch, 10)`.
        x_test: test images `(n, 28, 28)`, uint8.
        y_test: labels `(n,)`.

    Returns:
        The outcome, with the accuracy reached.
    """
    _is_model(answer)
    if (size := answer.count_params()) > PARAMETERS:
        not_yet(f"Your model has {size:,} parameters; at most {PARAMETERS:,} are allowed.")
    scores = np.asarray(answer.predict(x_test, batch_size=500, verbose=0))
    if scores.shape != (len(x_test), 10):
        not_yet(f"For {len(x_test)} images the shape {scores.shape} came, not ({len(x_test)}, 10).")
    needed = 0.98 if len(x_test) >= FULL_TEST_EXAMPLES else 0.93
    reached = float(np.mean(scores.argmax(axis=1) == y_test))
    if reached < needed:
        not_yet(
            f"Test accuracy {reached:.3f}; at least {needed:g} is needed. Does it take grey values "
            "0..255? Is the loss still falling at the end? Which layer has most of the parameters?"
        )
    return f"Test accuracy {reached:.3f} with {size:,} parameters."


def _is_model(answer: object) -> None:
    if not callable(getattr(answer, "predict", None)) or not hasattr(answer, "layers"):
        not_yet(f"A {type(answer).__name__} came; a Keras model is needed.")
    if not getattr(answer, "built", True):
        not_yet("Your model has no shapes yet. Begin it with keras.Input((28, 28)).")
