"""The bodies of requests and answers: JSON to arrays and back, by TensorFlow Serving's rules."""

import json

import numpy as np
import orjson

from workshop.serving.model import Refused, Signature

NUMBERS = b"0123456789.,[]+-eE \n\r\t"
PLAIN = {f'{{"{key}":}}'.encode().translate(None, NUMBERS) for key in ("instances", "inputs")}
TYPES = {"f": (int, float), "i": int, "u": int, "b": bool}
EXACT = 2**24  # whole numbers below it keep all their digits in float32


def read(body: bytes) -> dict:
    """Read a request; NaN and Infinity are numbers, too, though JSON has none."""
    try:
        more = b"NaN" in body or b"Infinity" in body
        found = json.loads(body) if more else orjson.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"JSON Parse error: {error}") from None
    if not isinstance(found, dict):
        raise Refused(400, f"JSON Value: {_short(found)} Is not object")
    if not isinstance(found.get("signature_name", ""), str):
        raise Refused(400, "'signature_name' key must be a string value.")
    return found


def inputs(found: dict, body: bytes, signature: Signature) -> list[np.ndarray]:
    """Give the arrays of a request in the order of the signature's inputs."""
    keys = [key for key in ("instances", "inputs") if key in found]
    if len(keys) != 1:
        both = "expecting only one of 'inputs' or 'instances' keys to exist"
        raise Refused(400, both if keys else "Missing 'inputs' or 'instances' key")
    rows, value, names = keys == ["instances"], found[keys[0]], list(signature.inputs)
    if rows and not isinstance(value, list):
        raise Refused(400, "Excepting 'instances' to be an list/array")
    if rows and not value:
        raise Refused(400, "No values in 'instances' array")
    named = isinstance(value[0] if rows else value, dict)
    if not named and len(names) > 1:
        raise Refused(400, f"{keys[0]} is a plain list, but expecting objects of {names}")
    for one in value if rows else [value]:
        if isinstance(one, dict) != named or (named and set(one) != set(names)):
            raise Refused(400, f"JSON object: {_short(one)} keys must be equal to: {names}")
    if named:
        columns = [[one[name] for one in value] if rows else value[name] for name in names]
    else:
        columns = [value]
    plain = not named and body.translate(None, NUMBERS) in PLAIN
    return [
        _array(name, column, *signature.inputs[name], plain=plain)
        for name, column in zip(names, columns, strict=True)
    ]


def write(names: list[str], outputs: list[np.ndarray], *, rows: bool) -> bytes:
    """Write an answer: one output without its name, rows of several as objects."""
    value = outputs[0] if len(names) == 1 else dict(zip(names, outputs, strict=True))
    if rows and len(names) > 1:
        value = [dict(zip(names, row, strict=True)) for row in zip(*outputs, strict=True)]
    answer = {"predictions" if rows else "outputs": value}
    if all(np.isfinite(one).all() for one in outputs):
        return orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY)
    return json.dumps(answer, default=lambda one: one.tolist()).encode()


def _array(name: str, value: object, kind: np.dtype, shape, *, plain: bool) -> np.ndarray:
    array = _numbers(value, kind) if plain and kind.kind == "f" else None
    if array is None:
        array = _one_by_one(value, kind)
    if not shape.is_compatible_with(array.shape):
        expected = str(shape).replace("None", "?")
        raise Refused(400, f"Input {name}: expected shape {expected}, got {array.shape}")
    return array


def _numbers(value: object, kind: np.dtype) -> np.ndarray | None:
    """Make an array of lists of numbers at once; None where one number needs a closer look."""
    try:
        with np.errstate(over="ignore"):
            array = np.array(value, kind)
    except (ValueError, OverflowError):
        return None
    return array if array.size and np.abs(array).max() < EXACT else None


def _one_by_one(value: object, kind: np.dtype) -> np.ndarray:
    """Make an array and hold each value to the type: no true for 1, no number that is cut."""
    if kind.kind not in TYPES:
        raise Refused(501, f"Conversion of JSON Value to type: {kind.name}")
    cells = np.array(value, object)
    for one in cells.flat:
        if isinstance(one, list):
            raise Refused(400, "Encountered list at unexpected size")
        if not isinstance(one, TYPES[kind.kind]) or isinstance(one, bool) > (kind.kind == "b"):
            what = f"JSON Value: {_short(one)} is not of expected type: {kind.name}"
            raise Refused(400, what)
    with np.errstate(over="ignore"):
        try:
            array = cells.astype(kind)
        except OverflowError:
            array = None
    if array is None or any(a != b for a, b in zip(array.flat, cells.flat) if isinstance(b, int)):
        raise Refused(400, f"Cannot convert JSON value to {kind.name} without loss of precision.")
    return array


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) < 100 else f"{text[:100]}..."
