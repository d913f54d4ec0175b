"""Right and wrong answers to the exercises of lesson 11b."""

import contextlib
import io
import sys

import numpy as np
import pytest
from answers import Answers
from in_place import into_what_came

from workshop.checks import mobile as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
litert = pytest.importorskip("ai_edge_litert.interpreter")
layers = keras.layers

WORDS = "Most weights are in one layer; ten lost digits in a thousand would change my mind."


def quantise_by_numpy(x, scale, zero_point):
    return np.clip(np.round(x / scale) + zero_point, -128, 127).astype("int8")


def quantise_by_loops(x, scale, zero_point):
    if np.ndim(x):
        return [quantise_by_loops(part, scale, zero_point) for part in x]
    return max(-128, min(127, round(float(x) / scale) + zero_point))


def quantise_by_tensorflow(x, scale, zero_point):
    rungs = tf.round(tf.cast(x, tf.float64) / scale) + zero_point
    return tf.cast(tf.clip_by_value(rungs, -128, 127), tf.int8)


def quantise_in_place(x, scale, zero_point):
    x /= scale
    x += zero_point
    np.rint(x, out=x)
    np.clip(x, -128, 127, out=x)
    return x.astype(np.int8)


def quantise_towards_zero(x, scale, zero_point):
    return np.clip(x / scale + zero_point, -128, 127).astype("int8")


def quantise_that_wraps(x, scale, zero_point):
    return (np.round(x / scale) + zero_point).astype("int64").astype("int8")


def quantise_without_a_zero_point(x, scale, zero_point):
    return np.clip(np.round(x / scale), -128, 127).astype("int8")


def quantise_the_other_way(x, scale, zero_point):
    return np.clip(np.round(x / scale) - zero_point, -128, 127).astype("int8")


def quantise_by_the_product(x, scale, zero_point):
    return np.clip(np.round(x * scale) + zero_point, -128, 127).astype("int8")


def quantise_cut_before_the_zero_point(x, scale, zero_point):
    return (np.clip(np.round(x / scale), -128, 127) + zero_point).astype("int64").astype("int8")


def quantise_as_bytes_without_a_sign(x, scale, zero_point):
    return np.clip(np.round(x / scale) + zero_point, 0, 255).astype("uint8")


def quantise_as_floats(x, scale, zero_point):
    return np.clip(np.round(x / scale) + zero_point, -128, 127)


def quantise_that_gives_numbers_back(x, scale, zero_point):
    return scale * (quantise_by_numpy(x, scale, zero_point).astype(float) - zero_point)


def quantise_flat(x, scale, zero_point):
    return quantise_by_numpy(x, scale, zero_point).ravel()


def quantise_that_returns_nothing(x, scale, zero_point):
    quantise_by_numpy(x, scale, zero_point)


def ladder_in_python(low, high):
    low, high = min(low, 0), max(high, 0)
    scale = (high - low) / 255
    return scale, round(-128 - low / scale)


def ladder_by_numpy(low, high):
    ends = np.array([low, high, 0.0])
    scale = np.ptp(ends) / 255
    return np.array([scale, np.rint(-128 - ends.min() / scale)])


def ladder_from_the_top(low, high):
    low, high = sorted([low, high, 0])[::2]
    scale = (high - low) / 255
    return [scale, 127 - round(high / scale)]


def ladder_by_tensorflow(low, high):
    low, high = tf.minimum(float(low), 0.0), tf.maximum(float(high), 0.0)
    scale = (high - low) / 255
    return scale, tf.cast(tf.round(-128 - low / scale), tf.int32)


def ladder_of_256_distances(low, high):
    scale = (max(high, 0) - min(low, 0)) / 256
    return scale, round(-128 - min(low, 0) / scale)


def ladder_for_uint8(low, high):
    scale, zero_point = ladder_in_python(low, high)
    return scale, zero_point + 128


def ladder_that_is_not_stretched(low, high):
    scale = (high - low) / 255
    return scale, round(-128 - low / scale)


def ladder_without_rounding(low, high):
    scale = (max(high, 0) - min(low, 0)) / 255
    return scale, -128 - min(low, 0) / scale


def ladder_rounded_down(low, high):
    scale = (max(high, 0) - min(low, 0)) / 255
    return scale, int(-128 - min(low, 0) / scale)


def ladder_with_the_wrong_sign(low, high):
    scale = (max(high, 0) - min(low, 0)) / 255
    return scale, round(-128 + min(low, 0) / scale)


def ladder_that_is_symmetric(low, high):
    return max(abs(low), abs(high)) / 127, 0


def ladder_of_the_scale_alone(low, high):
    return (max(high, 0) - min(low, 0)) / 255


def ladder_that_returns_nothing(low, high):
    ladder_in_python(low, high)


def opened(file, inputs, *, one=False):
    interpreter = litert.Interpreter(model_content=file)
    (given,), (gives,) = interpreter.get_input_details(), interpreter.get_output_details()
    if not one:
        interpreter.resize_tensor_input(given["index"], inputs.shape)
    interpreter.allocate_tensors()
    return interpreter, given, gives


def ran(interpreter, given, gives, inputs):
    interpreter.set_tensor(given["index"], inputs)
    interpreter.invoke()
    return interpreter.get_tensor(gives["index"])


def into_bytes(inputs, given, *, rounded=np.round, least=None, most=None):
    scale, zero_point = given["quantization"]
    if not scale:
        return inputs.astype(given["dtype"])
    ends = np.iinfo(given["dtype"])
    rungs = rounded(inputs / scale) + zero_point
    rungs = np.clip(rungs, ends.min if least is None else least, most or ends.max)
    return rungs.astype("int64").astype(given["dtype"])


def out_of_bytes(outputs, gives):
    scale, zero_point = gives["quantization"]
    return (outputs.astype("float32") - zero_point) * scale if scale else outputs


def batch_at_once(file, inputs):
    interpreter, given, gives = opened(file, inputs)
    return out_of_bytes(ran(interpreter, given, gives, into_bytes(inputs, given)), gives)


def batch_one_by_one(file, inputs):
    interpreter, given, gives = opened(file, inputs, one=True)
    rungs = into_bytes(inputs, given)
    answers = [ran(interpreter, given, gives, one[None])[0] for one in rungs]
    return out_of_bytes(np.array(answers), gives)


def batch_by_the_signature(file, inputs):
    runner = litert.Interpreter(model_content=file).get_signature_runner()
    (name, given), (gives,) = (
        next(iter(runner.get_input_details().items())),
        runner.get_output_details().values(),
    )
    (outputs,) = runner(**{name: into_bytes(inputs, given)}).values()
    return out_of_bytes(outputs, gives).tolist()


def batch_by_tensorflow(file, inputs):
    interpreter, given, gives = opened(file, inputs)
    scale, zero_point = given["quantization"]
    rungs = tf.constant(inputs)
    if scale:
        ends = np.iinfo(given["dtype"])
        rungs = tf.clip_by_value(tf.round(rungs / scale) + zero_point, ends.min, ends.max)
    outputs = ran(interpreter, given, gives, tf.cast(rungs, given["dtype"]))
    scale, zero_point = gives["quantization"]
    return tf.cast(outputs, tf.float32) * (scale or 1) - zero_point * scale


def batch_that_only_casts(file, inputs):
    interpreter, given, gives = opened(file, inputs)
    return out_of_bytes(ran(interpreter, given, gives, inputs.astype(given["dtype"])), gives)


def batch_of_floats_into_bytes(file, inputs):
    interpreter, given, gives = opened(file, inputs)
    return out_of_bytes(ran(interpreter, given, gives, inputs), gives)


def batch_without_resizing(file, inputs):
    interpreter, given, gives = opened(file, inputs, one=True)
    return out_of_bytes(ran(interpreter, given, gives, into_bytes(inputs, given)), gives)


def batch_that_wraps(file, inputs):
    interpreter, given, gives = opened(file, inputs)
    rungs = into_bytes(inputs, given, least=-(10**6), most=10**6)
    return out_of_bytes(ran(interpreter, given, gives, rungs), gives)


def batch_rounded_down(file, inputs):
    interpreter, given, gives = opened(file, inputs)
    rungs = into_bytes(inputs, given, rounded=np.trunc)
    return out_of_bytes(ran(interpreter, given, gives, rungs), gives)


def batch_cut_as_if_int8(file, inputs):
    interpreter, given, gives = opened(file, inputs)
    bounds = {} if given["dtype"] == np.float32 else {"least": -128, "most": 127}
    rungs = into_bytes(inputs, given, **bounds)
    return out_of_bytes(ran(interpreter, given, gives, rungs), gives)


def batch_of_bytes(file, inputs):
    interpreter, given, gives = opened(file, inputs)
    return ran(interpreter, given, gives, into_bytes(inputs, given))


def batch_without_the_outputs_zero_point(file, inputs):
    interpreter, given, gives = opened(file, inputs)
    outputs = ran(interpreter, given, gives, into_bytes(inputs, given))
    return outputs * (gives["quantization"][0] or 1)


def batch_whose_outputs_wrap(file, inputs):
    interpreter, given, gives = opened(file, inputs)
    outputs = ran(interpreter, given, gives, into_bytes(inputs, given))
    scale, zero_point = gives["quantization"]
    return scale * (outputs - np.asarray(zero_point, outputs.dtype)) if scale else outputs


def batch_of_the_first(file, inputs):
    return batch_one_by_one(file, inputs[:1])


RIGHT = {
    checks.quantise: [
        quantise_by_numpy,
        quantise_by_loops,
        quantise_by_tensorflow,
        quantise_in_place,
    ],
    checks.scale_and_zero_point: [
        ladder_in_python,
        ladder_by_numpy,
        ladder_from_the_top,
        ladder_by_tensorflow,
    ],
    checks.run_batch: [
        batch_at_once,
        batch_one_by_one,
        batch_by_the_signature,
        batch_by_tensorflow,
    ],
}
WRONG = {
    checks.quantise: [
        (quantise_towards_zero, "at index"),
        (quantise_that_wraps, "expected -128, got 38"),
        (quantise_without_a_zero_point, "expected -128, got 0|expected -125, got 3|got 101"),
        (quantise_the_other_way, "at index"),
        (quantise_by_the_product, "at index"),
        (quantise_cut_before_the_zero_point, "at index"),
        (quantise_as_bytes_without_a_sign, "expected -100, got 0"),
        (quantise_as_floats, "the values are right. Expected int8, got float"),
        (quantise_that_gives_numbers_back, "at index"),
        (quantise_flat, "expected shape (2, 2), got (4,)"),
        (quantise_that_returns_nothing, "gave None"),
    ],
    checks.scale_and_zero_point: [
        (ladder_of_256_distances, "the scale of scale_and_zero_point(-1, 3)"),
        (ladder_for_uint8, "expected -64, got 64"),
        (ladder_that_is_not_stretched, "scale_and_zero_point(2, 6)"),
        (ladder_without_rounding, "expected -64, got -64.25"),
        (ladder_rounded_down, "expected -72, got -71"),
        (ladder_with_the_wrong_sign, "expected -64, got -192"),
        (ladder_that_is_symmetric, "the scale of"),
        (ladder_of_the_scale_alone, "expected two numbers, got 0.0156"),
        (ladder_that_returns_nothing, "expected two numbers, got None"),
    ],
    checks.run_batch: [
        (batch_that_only_casts, "(int8 file, "),
        (batch_of_floats_into_bytes, "Your code raised ValueError: Cannot set tensor"),
        (batch_without_resizing, "Your code raised ValueError: Cannot set tensor"),
        (batch_that_wraps, "(int8 file, "),
        (batch_rounded_down, "(int8 file, "),
        (batch_cut_as_if_int8, "(uint8 file, "),
        (batch_of_bytes, "(int8 file, "),
        (batch_without_the_outputs_zero_point, "(int8 file, "),
        (batch_whose_outputs_wrap, "(int8 file, "),
        (batch_of_the_first, "expected shape (6, 5), got (1, 5)"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG

    def test_right_answers_may_work_in_place(self, check, style):
        if (check, style) == (checks.quantise, into_what_came):
            # Floats came, and bytes are to go back: in the same array they would be no bytes.
            assert "Expected int8, got float32" in check(style(quantise_by_numpy)).message
        else:
            super().test_right_answers_may_work_in_place(check, style)


@pytest.fixture(scope="module")
def stored():
    """Weights with the scales and the bytes of a file; one weight lies between two rungs."""
    weights = np.random.default_rng(0).normal(0, 0.1, (6, 40)).astype(np.float32)
    scales = np.abs(weights).max(axis=1, keepdims=True) / 127
    weights[2, 3] = 5.5 * scales[2, 0]
    weights[2, 4] = -5.5 * scales[2, 0]
    rungs = np.round(weights / scales).astype("int8")
    rungs[2, 3:5] = 5, -6
    return weights, scales, rungs


@pytest.mark.parametrize("answer", RIGHT[checks.quantise])
def test_the_weights_of_a_file_are_compared_too(answer, stored):
    outcome = checks.quantise(answer, stored)
    assert outcome.passed, outcome
    assert "all 240 weights" in outcome.message


def test_another_byte_than_the_files_is_told(stored):
    weights, scales, rungs = stored
    outcome = checks.quantise(quantise_by_numpy, (weights, scales * 1.05, rungs))
    assert outcome.status == "not yet"
    assert "row 0 of the layer" in outcome.message


def test_the_files_bytes_can_be_computed_by_hand():
    """What section 2 shows, and exercise 11b-1 relies on."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((40,), name="pixels"), layers.Dense(64, name="wide")])
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    with contextlib.redirect_stdout(io.StringIO()):
        interpreter = litert.Interpreter(model_content=converter.convert())
    interpreter.allocate_tensors()
    tensors = interpreter.get_tensor_details()
    (tensor,) = [one for one in tensors if "wide" in one["name"] and one["dtype"] == np.int8]
    kernel = model.layers[0].kernel.numpy().T
    scales = np.abs(kernel).max(axis=1, keepdims=True) / 127
    in_file = interpreter.get_tensor(tensor["index"])
    assert checks.quantise(quantise_by_numpy, (kernel, scales, in_file)).passed


@pytest.fixture(scope="module")
def bright():
    """A network that sees the bright row of `easy_digits`; it learns nothing."""
    kernel = np.zeros((28, 28, 64), np.float32)
    kernel[np.arange(10), :, np.arange(10)] = 1
    wide = np.random.default_rng(1).normal(0, 0.01, (28, 28, 64)) + kernel
    last = np.random.default_rng(2).normal(0, 0.01, (64, 10))
    last[np.arange(10), np.arange(10)] = 1
    model = keras.Sequential(
        [
            keras.Input((28, 28), name="pixels"),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, name="wide"),
            layers.Dense(10, activation="softmax", name="last"),
        ]
    )
    model.set_weights([wide.reshape(784, 64), np.zeros(64), last, np.zeros(10)])
    return model


@pytest.fixture(scope="module")
def app_model(bright):
    camera = layers.Rescaling(127.5, offset=127.5, name="camera")
    return keras.Sequential([keras.Input((28, 28), name="pixels"), camera, *bright.layers])


@pytest.fixture
def judge(app_model, easy_digits):
    return lambda answer: checks.app_examples(answer, app_model, *easy_digits)


@pytest.fixture
def digits(easy_digits):
    return easy_digits[0][:100]


def in_range(digits):
    return digits[:, None].astype("float32") / 127.5 - 1


@pytest.mark.parametrize(
    "form",
    [
        lambda x: ([one] for one in x),
        lambda x: [[one] for one in x],
        lambda x: [{"pixels": one} for one in x],
        lambda x: [(tf.constant(one),) for one in x],
        lambda x: tf.data.Dataset.from_tensor_slices((x,)),
        lambda x: ([one] for one in x[:60]),
    ],
)
def test_examples_of_the_right_range_pass(judge, digits, form):
    outcome = judge(lambda: form(in_range(digits)))
    assert outcome.passed, outcome
    assert "goes from -" in outcome.message


def generator_of(change, kind="float32"):
    return lambda x: ([change(one[None].astype(kind))] for one in x)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        (generator_of(lambda x: x), "goes from 0 to 255 (scale 1, zero point 0)"),
        (generator_of(lambda x: x / 255), "goes from 0 to 1 (scale 0.003922, zero point 0)"),
        (generator_of(lambda x: x / 255 - 1), "goes from -1 to 0"),
        (generator_of(lambda x: x / 255 - 0.5), "the app sends -1 to 1"),
        (generator_of(lambda x: 0 * x), "the app sends -1 to 1"),
        (generator_of(lambda x: x / 127.5 - 1, "float64"), "expected float32, as the input"),
        (lambda x: ([one] for one in in_range(x)[:, 0]), "expected shape (1, 28, 28), got (28,"),
        (lambda x: ([one[..., None]] for one in in_range(x)), "got (1, 28, 28, 1)"),
        (in_range, "Example 0: expected a list with one array, got ndarray"),
        (lambda x: [[one, 3] for one in in_range(x)], "expected a list with one array, got list"),
        (lambda x: [[one] for one in in_range(x[:1])], "Expected 50 to 2000 examples, got 1."),
        (lambda x: iter(lambda: [in_range(x)[0]], 0), "Expected 50 to 2000 examples, got more."),
        (lambda x: None, "expected many examples, got None"),
        (lambda x: 100, "expected many examples, got 100"),
    ],
)
def test_other_examples_are_told_the_distance(judge, digits, form, says):
    outcome = judge(lambda: form(digits))
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_examples_that_were_made_already_are_no_function(judge, digits):
    outcome = judge([one] for one in in_range(digits))
    assert "Expected a function, got generator" in outcome.message
    assert judge(...).status == "not attempted"


@pytest.fixture(scope="module")
def float_file(bright):
    return checks.converted(bright)


def with_bits(file, *choices):
    quantizer = pytest.importorskip("ai_edge_quantizer.quantizer")
    recipe = pytest.importorskip("ai_edge_quantizer.recipe")
    work = quantizer.Quantizer(file)
    for pattern, bits in choices:
        operations = recipe.TFLOperationName.ALL_SUPPORTED
        work.add_dynamic_config(regex=pattern, num_bits=bits, operation_name=operations)
    return work.quantize().quantized_model


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_a_small_file_that_reads_passes(bright, easy_digits, float_file, kind):
    file = kind(with_bits(float_file, (".*", 8), (".*wide.*", 4)))
    outcome = checks.my_file(file, WORDS, bright, *easy_digits)
    assert outcome.passed, outcome
    assert "loses 0.00%" in outcome.message


def test_other_files_are_told_why(bright, easy_digits, float_file):
    eight = bytes(with_bits(float_file, (".*", 8)))
    # Half a byte for a network that reads upside down.
    turned = keras.models.clone_model(bright)
    turned.set_weights([weight[..., ::-1] for weight in bright.get_weights()])
    wrong = bytes(with_bits(checks.converted(turned), (".*", 4)))
    small = keras.Sequential([keras.Input((5,), name="pixels"), layers.Dense(10)])
    for file, why, says in (
        (float_file, WORDS, "bits per weight. Expected at most 5"),
        (eight, WORDS, "Which layer has most of the weights"),
        (b"my_file.tflite", WORDS, "LiteRT can't run this file: "),
        (eight[:9000], WORDS, "LiteRT can't run this file: "),
        (checks.converted(small), WORDS, "Cannot set tensor"),
        ("my_file.tflite", WORDS, "Expected the bytes of a file, got str"),
        (with_bits(float_file, (".*", 4)), "It is small.", "Expected 8 words or more, got 3"),
        (with_bits(float_file, (".*", 4)), 4, "what would change your mind"),
    ):
        outcome = checks.my_file(file, why, bright, *easy_digits)
        assert outcome.status == "not yet"
        assert says in outcome.message, outcome
    outcome = checks.my_file(wrong, WORDS, bright, *easy_digits)
    assert "it loses " in outcome.message, outcome
    assert checks.my_file(..., WORDS, bright, *easy_digits).status == "not attempted"
    assert checks.my_file(eight, ..., bright, *easy_digits).status == "not attempted"


def test_a_file_with_other_outputs_is_told_the_shapes(bright, easy_digits):
    flat = [keras.Input((28, 28), name="pixels"), layers.Flatten(), layers.Dense(3)]
    outcome = checks.my_file(checks.converted(keras.Sequential(flat)), WORDS, bright, *easy_digits)
    assert "500 digits: expected shape (500, 10), got (500, 3)" in outcome.message


def test_without_litert_a_check_says_what_brings_it(
    monkeypatch, judge, digits, bright, easy_digits
):
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    for outcome in (
        checks.run_batch(batch_at_once),
        judge(lambda: [[one] for one in in_range(digits)]),
        checks.my_file(b"TFL3", WORDS, bright, *easy_digits),
    ):
        assert outcome.status == "not yet"
        assert "python3 start.py --with mobile" in outcome.message, outcome
    assert checks.quantise(quantise_by_numpy).passed
