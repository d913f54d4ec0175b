"""The bodies of requests and answers: JSON to arrays and back, by TensorFlow Serving's rules."""

import json

import numpy as np
import orjson

from workshop.serving.model import Refused, Signature

NUMBERS = b"0123456789.,[]+-eE \n\r\t"
PLAIN = [key.translate(None, NUMBERS) for key in (b'{"instances":}', b'{"inputs":}')]
TYPES = {"f": (int, float), "i": (int,), "u": (int,), "b": (bool,)}
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
        raise Refused(400, f"JSON Value: {_short(found)} 'signature_name' key must be a string")
    return found


def inputs(found: dict, body: bytes, signature: Signature) -> list[np.ndarray]:
    """Give the arrays of a request in the order of the signature's inputs."""
    columns, arrays = _columns(found, list(signature.inputs)), []
    plain = body.translate(None, NUMBERS) in PLAIN  # one input, and nothing but numbers
    for column, (name, (kind, sizes)) in zip(columns, signature.inputs.items(), strict=True):
        array = _numbers(column, kind) if plain and kind.kind == "f" else None
        array = _values(column, kind) if array is None else array
        fits = [size in (-1, got) for size, got in zip(sizes, array.shape, strict=False)]
        if array.ndim != len(sizes) or not all(fits):
            what = f"Input {name}: expected shape {sizes}, -1 being any, got {list(array.shape)}"
            raise Refused(400, what)
        arrays.append(array)
    return arrays


def write(names: list[str], outputs: list[np.ndarray], *, rows: bool) -> bytes:
    """Write an answer: one output without its name, rows of several as objects."""
    value = outputs[0] if len(names) == 1 else dict(zip(names, outputs, strict=True))
    if rows and len(names) > 1:
        value = [dict(zip(names, row, strict=True)) for row in zip(*outputs, strict=True)]
    answer = {"predictions" if rows else "outputs": value}
    if all(np.isfinite(one).all() for one in outputs):
        return orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY)
    return json.dumps(answer, default=lambda one: one.tolist()).encode()


def _columns(found: dict, names: list[str]) -> list:
    """Give the nested lists of each input, of `instances` (rows) or `inputs`."""
    keys = [key for key in ("instances", "inputs") if key in found]
    if len(keys) != 1:
        only = "expecting only one of 'inputs' or 'instances' keys to exist"
        raise Refused(400, only if keys else "Missing 'inputs' or 'instances' key")
    rows, value = keys == ["instances"], found[keys[0]]
    if rows and not isinstance(value, list):
        raise Refused(400, "Excepting 'instances' to be an list/array")
    if rows and not value:
        raise Refused(400, "No values in 'instances' array")
    named = isinstance(value[0] if rows else value, dict)
    for one in value if rows else [value]:
        if isinstance(one, dict) != named or (set(one) != set(names) if named else names[1:]):
            raise Refused(400, f"JSON object: {_short(one)} keys must be equal to: {names}")
    if not named:
        return [value]
    return [[one[name] for one in value] if rows else value[name] for name in names]


def _numbers(value: object, kind: np.dtype) -> np.ndarray | None:
    """Make an array of numbers at once; None where one of them needs a closer look."""
    try:
        with np.errstate(over="ignore"):
            array = np.array(value, kind)
    except (ValueError, OverflowError):
        return None
    return array if array.size and np.abs(array).max() < EXACT else None


def _values(value: object, kind: np.dtype) -> np.ndarray:
    """Make an array of anything, and hold each value to the type: true is not 1, nor is "1"."""
    if kind.kind not in TYPES:
        raise Refused(501, f"Conversion of JSON Value to type: {kind.name}")
    most = 2 ** (np.finfo(kind).nmant + 1) if kind.kind == "f" else 2**64
    cells = np.array(value, object)
    for one in cells.flat:
        if isinstance(one, list):
            raise Refused(400, "Encountered list at unexpected size")
        if not isinstance(one, TYPES[kind.kind]) or isinstance(one, bool) != (kind.kind == "b"):
            raise Refused(400, f"JSON Value: {_short(one)} is not of expected type: {kind.name}")
    try:
        with np.errstate(over="raise"):
            array = cells.astype(kind)
        if any(isinstance(one, int) and abs(one) >= most for one in cells.flat):
            raise OverflowError
    except (OverflowError, FloatingPointError):
        what = f"Cannot convert JSON value to {kind.name} without loss of precision."
        raise Refused(400, what) from None
    return array


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 100 else f"{text[:100]}..."
