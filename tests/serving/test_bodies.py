"""JSON to arrays and back, as TensorFlow Serving does it."""

import json
import math

import numpy as np
import pytest

from workshop.serving import bodies
from workshop.serving.model import Refused


class Taking:
    """Stands for a signature."""

    def __init__(self, **inputs):
        self.inputs = {name: (np.dtype(kind), sizes) for name, (kind, sizes) in inputs.items()}


ROWS = Taking(pixels=("float32", [-1, 2]))
TWO = Taking(left=("float32", [-1]), right=("int32", [-1, 1]))


def arrays(body, signature=ROWS):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return bodies.inputs(bodies.read(body), body, signature)


@pytest.mark.parametrize("key", ["instances", "inputs"])
@pytest.mark.parametrize("rows", [[[1, 2]], [[0.5, -2e3], [1, 1]], [[1e-40, 16777217]]])
def test_numbers_become_an_array(key, rows):
    [array] = arrays({key: rows})
    np.testing.assert_array_equal(array, np.array(rows, np.float32))
    assert array.dtype == np.float32


def test_nan_and_infinity_are_numbers():
    [array] = arrays(b'{"instances": [[NaN, -Infinity], [Infinity, 1]]}')
    np.testing.assert_array_equal(array, np.array([[np.nan, -np.inf], [np.inf, 1]], np.float32))


@pytest.mark.parametrize(
    "body",
    [
        {"instances": [{"left": 1, "right": [2]}, {"left": 3, "right": [4]}]},
        {"inputs": {"left": [1, 3], "right": [[2], [4]]}},
    ],
)
def test_several_inputs_come_by_name(body):
    left, right = arrays(body, TWO)
    assert left.tolist() == [1, 3]
    assert right.tolist() == [[2], [4]]
    assert right.dtype == np.int32


def test_one_input_may_come_by_name_too():
    assert arrays({"instances": [{"pixels": [1, 2]}]})[0].tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("kind", "good"),
    [("uint8", [0, 255]), ("int64", [-(2**63), 2**63 - 1]), ("bool", [True, False])],
)
def test_other_types(kind, good):
    [array] = arrays({"inputs": [good]}, Taking(x=(kind, [-1, 2])))
    assert array.tolist() == [good]
    assert array.dtype == kind


@pytest.mark.parametrize(
    ("kind", "wrong", "words"),
    [
        ("float32", "1", "'1' is not of expected type: float32"),
        ("float32", True, "True is not of expected type"),
        ("float32", None, "None is not of expected type"),
        ("float32", {"b64": "AA=="}, "is not of expected type"),
        ("float32", 1e39, "without loss of precision"),
        ("float32", 10**400, "without loss of precision"),
        ("uint8", 256, "without loss of precision"),
        ("uint8", -1, "without loss of precision"),
        ("uint8", 1.0, "1.0 is not of expected type: uint8"),
        ("bool", 1, "1 is not of expected type: bool"),
        ("object", "text", "Conversion of JSON Value to type: object"),
    ],
)
def test_a_value_of_another_type_is_refused(kind, wrong, words):
    body = json.dumps({"instances": [[1 if kind != "bool" else True, wrong]]}).encode()
    with pytest.raises(Refused, match=words) as caught:
        bodies.inputs(json.loads(body), body, Taking(x=(kind, [-1, 2])))
    assert caught.value.status == (501 if kind == "object" else 400)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "JSON Parse error"),
        (b"{", "JSON Parse error"),
        (b'{"instances": [[1, 2]]} x', "JSON Parse error"),
        (b'{"instances": [[1, NaN]}', "JSON Parse error"),
        (b'{"instances": "\xff"}', "JSON Parse error"),
        (b'{"NaN":' + b"[" * 100_000, "JSON Parse error"),
        (b"[" * 100_000, "JSON Parse error"),
        (b"[1]", "Is not object"),
        (b"null", "Is not object"),
        ({"signature_name": 1, "instances": [[1, 2]]}, "key must be a string"),
        ({}, "Missing 'inputs' or 'instances' key"),
        ({"instances": [[1, 2]], "inputs": [[1, 2]]}, "only one of 'inputs' or 'instances'"),
        ({"instances": []}, "No values in 'instances' array"),
        ({"instances": 3}, "to be an list/array"),
        ({"instances": {"pixels": [[1, 2]]}}, "to be an list/array"),
        ({"instances": [[1, 2], {"pixels": [1, 2]}]}, "keys must be equal to"),
        ({"instances": [{"other": [1, 2]}]}, r"keys must be equal to: \['pixels'\]"),
        ({"instances": [[1], [1, 2]]}, "unexpected size"),
        ({"instances": [[[1, 2]]]}, r"expected shape \[-1, 2\], -1 being any, got \[1, 1, 2\]"),
        ({"instances": [1, 2]}, r"got \[2\]"),
        ({"instances": [[1, 2, 3]]}, r"got \[1, 3\]"),
        ({"instances": [[]]}, r"got \[1, 0\]"),
        ({"inputs": 1}, r"got \[\]"),
        ({"inputs": []}, r"got \[0\]"),
        (b'{"inputs": ' + b"[" * 100 + b"1" + b"]" * 100 + b"}", "unexpected size"),
    ],
)
def test_a_wrong_body_is_refused(body, words):
    with pytest.raises(Refused, match=words) as caught:
        arrays(body)
    assert caught.value.status == 400


def test_what_several_inputs_need_is_said():
    with pytest.raises(Refused, match=r"keys must be equal to: \['left', 'right'\]"):
        arrays({"instances": [1, 2]}, TWO)
    with pytest.raises(Refused, match="keys must be equal"):
        arrays({"inputs": {"left": [1]}}, TWO)


def test_an_answer_is_written_in_the_form_of_the_request():
    one, two = np.array([[0.1], [2]], np.float32), np.array([3, 4])
    told = {
        (("a",), True): {"predictions": [[0.1], [2.0]]},
        (("a",), False): {"outputs": [[0.1], [2.0]]},
        (("a", "b"), True): {"predictions": [{"a": [0.1], "b": 3}, {"a": [2.0], "b": 4}]},
        (("a", "b"), False): {"outputs": {"a": [[0.1], [2.0]], "b": [3, 4]}},
    }
    for (names, rows), expected in told.items():
        written = bodies.write(list(names), [one, two][: len(names)], rows=rows)
        assert json.loads(written) == expected


def test_nan_is_written_back():
    written = bodies.write(["a"], [np.array([np.nan, np.inf, -np.inf, 1], np.float32)], rows=True)
    assert b"NaN" in written
    first, *others = json.loads(written)["predictions"]
    assert math.isnan(first)
    assert others == [math.inf, -math.inf, 1]


def test_nan_is_written_back_among_several_outputs():
    written = bodies.write(["a", "b"], [np.array([np.nan]), np.array([1])], rows=True)
    assert json.loads(written)["predictions"][0]["b"] == 1


def test_text_is_not_written():
    with pytest.raises(Refused, match="tensor type: string") as caught:
        bodies.write(["a"], [np.array([b"seven"], object)], rows=True)
    assert caught.value.status == 501
