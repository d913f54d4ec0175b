"""The bodies of requests and answers: JSON to arrays and back, by TensorFlow Serving's rules."""

import json
from reprlib import repr as short

import numpy as np
import orjson

from workshop.serving.model import Refused, Signature

NUMBERS = b"0123456789.,[]+-eE \n\r\t"
PLAIN = [key.translate(None, NUMBERS) for key in (b'{"instances":}', b'{"inputs":}')]
TYPES = {"f": (int, float), "i": int, "u": int, "b": bool}


def read(body: bytes) -> dict:
    """Read a request; NaN and Infinity are numbers, too, though JSON has none."""
    try:
        more = b"NaN" in body or b"Infinity" in body
        found = json.loads(body) if more else orjson.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"JSON Parse error: {error}") from None
    if not isinstance(found, dict):
        raise Refused(400, f"JSON Value: {short(found)} Is not object")
    if not isinstance(found.get("signature_name", ""), str):
        raise Refused(400, f"JSON Value: {short(found)} 'signature_name' key must be a string")
    return found


def inputs(found: dict, body: bytes, signature: Signature) -> list[np.ndarray]:
    """Give the arrays of a request in the order of the signature's inputs."""
    columns = _columns(found, list(signature.inputs))
    plain = body.translate(None, NUMBERS) in PLAIN  # one input, and nothing but numbers
    arrays = []
    for column, (name, (kind, sizes)) in zip(columns, signature.inputs.items(), strict=True):
        array = _array(column, kind, plain)
        got = array.shape
        if len(got) != len(sizes) or any(a not in (-1, b) for a, b in zip(sizes, got, strict=True)):
            what = f"Input {name}: expected shape {sizes}, -1 being any, got {list(got)}"
            raise Refused(400, what)
        arrays.append(array)
    return arrays


def write(names: list[str], outputs: list[np.ndarray], *, rows: bool) -> bytes:
    """Write an answer: one output without its name, rows of several as objects."""
    if any(one.dtype == object for one in outputs):
        raise Refused(501, "Failed to write JSON value for tensor type: string")
    value = outputs[0] if len(names) == 1 else dict(zip(names, outputs, strict=True))
    if rows and len(names) > 1:
        value = [dict(zip(names, row, strict=True)) for row in zip(*outputs, strict=True)]
    answer = {"predictions" if rows else "outputs": value}
    if all(np.isfinite(one).all() for one in outputs):
        return orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY)
    return json.dumps(answer, default=lambda one: one.tolist()).encode()


def _columns(found: dict, names: list[str]) -> list:
    """Give what came for each input, of `instances` (rows) or `inputs`."""
    keys = [key for key in ("instances", "inputs") if key in found]
    if len(keys) != 1:
        only = "expecting only one of 'inputs' or 'instances' keys to exist"
        raise Refused(400, only if keys else "Missing 'inputs' or 'instances' key")
    rows, value = keys == ["instances"], found[keys[0]]
    if rows and not (isinstance(value, list) and value):
        what = "Excepting 'instances' to be an list/array"
        raise Refused(400, "No values in 'instances' array" if value == [] else what)
    named = isinstance(value[0] if rows else value, dict)
    for one in value if rows else [value]:
        if isinstance(one, dict) != named or (set(one) != set(names) if named else names[1:]):
            raise Refused(400, f"JSON object: {short(one)} keys must be equal to: {names}")
    if not named:
        return [value]
    return [[one[name] for one in value] if rows else value[name] for name in names]


def _array(value: object, kind: np.dtype, plain: bool) -> np.ndarray:
    """Make an array; `plain` says that there are only numbers, else each value is looked at."""
    if kind.kind not in TYPES:
        raise Refused(501, f"Conversion of JSON Value to type: {kind.name}")
    cells = value
    if not plain or kind.kind != "f":  # NumPy would take true for 1, "1" for 1, and cut 1.5
        cells = np.array(value, object)
        for one in cells.flat:
            if not isinstance(one, TYPES[kind.kind]) or isinstance(one, bool) != (kind.kind == "b"):
                what = f"JSON Value: {short(one)} is not of expected type: {kind.name}"
                raise Refused(400, what)
    try:
        with np.errstate(over="raise"):
            return np.array(cells, kind)
    except (ValueError, OverflowError, FloatingPointError) as error:
        what = f"Cannot convert JSON value to {kind.name} without loss of precision."
        uneven = isinstance(error, ValueError)
        raise Refused(400, "Encountered list at unexpected size" if uneven else what) from None
