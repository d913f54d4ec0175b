"""Checks of lesson 11b: bytes for numbers, a batch for LiteRT, examples in the right range."""

import contextlib
import functools
import io
import itertools
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import accuracy, compare, exercise, not_yet, reason, scores_of
from workshop.messages import say

LOWEST, HIGHEST = -128, 127  # of an int8
FEWEST, MOST = 50, 2000  # examples
PAPER, INK = -1.0, 1.0  # what the app sends
NEAR = 0.012  # of the ends of a range: a rung and a half
MOST_LOST = 0.02  # of all digits
MOST_BITS = 5.0  # per weight, with all else that the file holds


@exercise("11b-1")
def quantise(answer: Callable, stored: tuple | None = None) -> str:
    """Check a function that puts numbers on the rungs of a scale.

    answer: function of an array (any shape), a scale and a zero point to int8, of the same shape.
    stored: weights `(rows, n)`, the scale of each row, and the int8 that LiteRT's file has of them.
    """
    random = np.random.default_rng(11)
    for values, scale, zero_point in (
        (np.array([-1.0, -0.504, 0.0, 0.313, 1.0], np.float32), 0.01, 0),
        (np.array([0.0, 3.4, 100.6, 254.7], np.float32), 1.0, -128),
        (np.array([[-9.0, -2.71], [2.2, 9.0]], np.float32), 0.04, 7),
        (random.normal(0, 1, (3, 50)).astype(np.float32), 0.0173, -5),
    ):
        rungs = np.round(values.astype(float) / scale) + zero_point
        what = f"quantise({_few(values)}, {scale}, {zero_point})"
        _compare_bytes(answer(values, scale, zero_point), np.clip(rungs, LOWEST, HIGHEST), what)
    if stored is None:
        return say("Rounded, moved, and cut off at the two ends.")
    for row, (weights, (scale,), in_file) in enumerate(zip(*stored, strict=True)):
        what = say("quantise() of row {row} of the layer", row=row)
        came = answer(weights, float(scale), 0)
        expected = in_file
        if np.shape(came) == in_file.shape:  # half-way between two rungs either may be right
            halves = np.abs(np.abs(weights / scale) % 1 - 0.5) < 1e-3
            expected = np.where(halves, came, in_file)
        _compare_bytes(came, expected, what)
    return say(
        "Rounded, moved, and cut off at the two ends. In all {count:,} weights of the layer you "
        "agree with the file.",
        count=np.size(stored[0]),
    )


def _few(values: np.ndarray) -> str:
    """Write some numbers, or say their shape where they are many."""
    if values.size > 6:
        return say("numbers of shape {shape}", shape=values.shape)
    return str(np.round(values.astype(float), 4).tolist())


def _compare_bytes(came: object, expected: np.ndarray, what: str) -> None:
    compare(came, expected, what=what, rtol=0, atol=0.01)
    kind = np.asarray(came).dtype
    if kind != np.int8 and (hasattr(came, "dtype") or kind.kind != "i"):
        not_yet("{what}: the values are right. Expected int8, got {kind}.", what=what, kind=kind)


@exercise("11b-2")
def scale_and_zero_point(answer: Callable) -> str:
    """Check scale and zero point of a range, for int8.

    answer: function of the lowest and the highest number to (scale, zero point): the 256 rungs
    span the range, stretched so that 0 lies in it, and 0 has a rung of its own.
    """
    for low, high in ((-1.0, 3.0), (0.0, 255.0), (-0.37, 1.3), (2.0, 6.0), (-5.0, -1.5), (-40, 2)):
        bottom, top = min(low, 0.0), max(high, 0.0)
        scale = (top - bottom) / (HIGHEST - LOWEST)
        came = answer(low, high)
        what = f"scale_and_zero_point({low:g}, {high:g})"
        if came is None or isinstance(came, float | int) or np.shape(came) != (2,):
            not_yet("{what}: expected two numbers, got {got:.80}.", what=what, got=str(came))
        compare(came[0], scale, what=say("the scale of {call}", call=what), atol=0)
        zero_point = np.round(LOWEST - bottom / scale)
        compare(came[1], zero_point, what=say("the zero point of {call}", call=what), atol=1e-6)
    return say("The range is covered, and 0 has a rung of its own: it stays exactly 0.")


@exercise("11b-3")
def run_batch(answer: Callable) -> str:
    """Check a function that runs a LiteRT file on a batch.

    answer: function of a file (bytes) and inputs (n, height, width), in the units of the network,
    to its outputs (n, units), again in these units, whatever types the file takes and gives.
    """
    interpreter()
    for kind, file in _small_files().items():
        for inputs in _small_inputs():
            what = say("run_batch({kind} file, {count} inputs)", kind=kind, count=len(inputs))
            came = answer(file, inputs)
            compare(came, outputs_of(file, inputs), what=what, rtol=1e-3, atol=1e-4)
    return say("Any batch, any file: floats in, floats out, and bytes in between.")


def _small_inputs() -> Iterable[np.ndarray]:
    random = np.random.default_rng(3)
    for count in (6, 1, 9):
        yield random.uniform(-1.3, 2.3, (count, 3, 4)).astype(np.float32)


@functools.cache
def _small_files() -> dict[str, bytes]:
    """Make three files of one small network whose inputs go from -1 to 2."""
    import keras
    import tensorflow as tf

    random = np.random.default_rng(5)
    layers = [keras.layers.Flatten(), keras.layers.Dense(5)]
    model = keras.Sequential([keras.Input((3, 4), name="pixels"), *layers])
    model.set_weights([random.normal(0, 1, (12, 5)), random.normal(0, 1, 5)])
    examples = [[example] for example in random.uniform(-1, 2, (60, 1, 3, 4)).astype(np.float32)]
    kinds = {"int8": tf.int8, "uint8": tf.uint8}
    return {"float": converted(model)} | {
        kind: converted(model, examples, of_type) for kind, of_type in kinds.items()
    }


@exercise("11b-4")
def app_examples(answer: Callable, model: Any, images: np.ndarray, labels: np.ndarray) -> str:
    """Check examples for a converter, by what its file makes of the test digits.

    answer: function of nothing to an iterable of lists, each of one float32 (1, 28, 28).
    model: a Keras model of inputs (n, 28, 28) from -1, paper, to 1, ink.
    images, labels: digits (n, 28, 28), 0..255, and their classes; the first 500 are used.
    """
    import tensorflow as tf

    examples = _examples(answer)
    interpreter()
    pixels = images[:500].astype(np.float32) * ((INK - PAPER) / 255) + PAPER
    by_keras = accuracy(scores_of(model, pixels), labels[:500])
    file = converted(model, examples, tf.uint8)
    by_file = accuracy(outputs_of(file, pixels), labels[:500])
    scale, zero_point = _details(file)["quantization"]
    low, high = scale * (0 - zero_point), scale * (255 - zero_point)
    fields = {"low": low, "high": high, "scale": scale, "zero_point": zero_point}
    fields |= {"by_file": by_file, "by_keras": by_keras, "paper": PAPER, "ink": INK}
    if by_file < by_keras - MOST_LOST or max(abs(low - PAPER), abs(high - INK)) > NEAR:
        not_yet(
            "With your examples the file's input goes from {low:.3g} to {high:.3g} (scale "
            "{scale:.4g}, zero point {zero_point}); the app sends {paper:g} to {ink:g}. The file "
            "reads {by_file:.3f} of the digits, Keras {by_keras:.3f}.",
            **fields,
        )
    return say(
        "The file's input goes from {low:.3g} to {high:.3g}, as the app's pixels do. It reads "
        "{by_file:.3f} of the digits, Keras {by_keras:.3f}.",
        **fields,
    )


def _examples(answer: Callable) -> list[list[np.ndarray]]:
    """Take the examples, and look at their form before a converter does."""
    if not callable(answer):
        not_yet("Expected a function, got {kind}.", kind=type(answer).__name__)
    came = answer()
    if not isinstance(came, Iterable):
        not_yet("app_examples(): expected many examples, got {got!r}.", got=came)
    found = []
    for place, came_one in enumerate(itertools.islice(came, MOST + 1)):
        fields: dict = {"place": place, "kind": type(came_one).__name__}
        example = list(came_one.values()) if isinstance(came_one, Mapping) else came_one
        if not isinstance(example, Sequence) or len(example) != 1:
            not_yet("Example {place}: expected a list with one array, got {kind}.", **fields)
        array = np.asarray(example[0])
        fields |= {"shape": array.shape, "dtype": array.dtype}
        if array.shape != (1, 28, 28):
            not_yet("Example {place}: expected shape (1, 28, 28), got {shape}.", **fields)
        if array.dtype != np.float32:
            not_yet("Example {place}: expected float32, as the input, got {dtype}.", **fields)
        found.append([array])
    if not FEWEST <= len(found) <= MOST:
        fields = {"fewest": FEWEST, "most": MOST, "got": min(len(found), MOST)}
        if len(found) > MOST:
            not_yet("Expected {fewest} to {most} examples, got more.", **fields)
        not_yet("Expected {fewest} to {most} examples, got {got}.", **fields)
    return found


@exercise("11b-5")
def my_file(file: bytes, why: str, model: Any, images: np.ndarray, labels: np.ndarray) -> str:
    """Check a file of few bits per weight, by what it makes of the test digits.

    file: a LiteRT file of the model, bytes.
    why: why these bits for these layers, and what would change the learner's mind.
    model: the Keras model.
    images, labels: digits (n, 28, 28), 0..255, and their classes; the first 2,000 are used.
    """
    if not isinstance(file, bytes | bytearray | memoryview):
        not_yet("Expected the bytes of a file, got {kind}.", kind=type(file).__name__)
    images, labels, file = images[:2000], labels[:2000], bytes(file)
    expected = scores_of(model, images)
    came = _opened_outputs(file, images)
    if came.shape != expected.shape:
        fields = {"expected": expected.shape, "got": came.shape}
        not_yet(
            "{count} digits: expected shape {expected}, got {got}.", count=len(images), **fields
        )
    bits = 8 * len(file) / model.count_params()
    lost = accuracy(expected, labels) - accuracy(came, labels)
    fields = {"size": len(file), "bits": bits, "most": MOST_BITS, "most_lost": MOST_LOST}
    fields |= {"lost": lost, "far": float(np.abs(came - expected).max())}
    if bits > MOST_BITS:
        not_yet(
            "{size:,} bytes are {bits:.2f} bits per weight. Expected at most {most:g}, with all "
            "that the file holds. Which layer has most of the weights?",
            **fields,
        )
    if lost > MOST_LOST:
        not_yet(
            "{bits:.2f} bits per weight, and of all digits it loses {lost:.1%} that Keras reads. "
            "Expected at most {most_lost:.0%}.",
            **fields,
        )
    reason(why, "Say in `why` why these bits, and what would change your mind.")
    return say(
        "{size:,} bytes, {bits:.2f} bits per weight. Of all digits it loses {lost:.2%}; no "
        "probability moved by more than {far:.2f}.",
        **fields,
    )


def _opened_outputs(file: bytes, images: np.ndarray) -> np.ndarray:
    interpreter()
    try:
        return outputs_of(file, images)
    except (ValueError, RuntimeError) as error:
        not_yet("LiteRT can't run this file: {error:.300}", error=str(error))


def interpreter() -> type:
    """Give LiteRT's interpreter; "not yet" where its package isn't installed."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        not_yet(
            "This check runs files, and LiteRT is not here. This brings it: "
            "python3 start.py --with mobile"
        )
    return Interpreter


def converted(model: Any, examples: list | None = None, of_type: Any = None) -> bytes:
    """Convert a model, in silence; with examples to int8, and inputs and outputs of a type."""
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if examples is not None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: iter(examples)
        converter.inference_input_type = converter.inference_output_type = of_type
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return converter.convert()


def outputs_of(file: bytes, inputs: np.ndarray) -> np.ndarray:
    """Run a file one input at a time, floats in and out."""
    running = interpreter()(model_content=file)
    running.allocate_tensors()
    (given,), (gives,) = running.get_input_details(), running.get_output_details()
    found = []
    for one in _as_type(inputs, given):
        running.set_tensor(given["index"], one[np.newaxis])
        running.invoke()
        found.append(running.get_tensor(gives["index"])[0])
    scale, zero_point = gives["quantization"]
    outputs = np.array(found, np.float32)
    return scale * (outputs - zero_point) if scale else outputs


def _as_type(inputs: np.ndarray, given: Mapping) -> np.ndarray:
    scale, zero_point = given["quantization"]
    if scale:
        ends = np.iinfo(given["dtype"])
        inputs = np.clip(np.round(inputs / scale) + zero_point, ends.min, ends.max)
    return inputs.astype(given["dtype"])


def _details(file: bytes) -> Mapping:
    (given,) = interpreter()(model_content=file).get_input_details()
    return given
