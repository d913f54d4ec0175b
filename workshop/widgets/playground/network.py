"""What is inside the learner's model: what each unit sees, its weights, and the code of it."""

from typing import Any, NamedTuple

import numpy as np

from workshop.messages import say
from workshop.widgets.playground.choice import Choice

SIDE = 20  # values of a unit's map along each axis
MOST = 8  # units of a layer that are shown


class Column(NamedTuple):
    """The units of one layer that are shown, the first `MOST` of them."""

    units: int  # of the layer, also those that are not shown
    maps: np.ndarray  # (shown, SIDE, SIDE): what a unit gives at each place
    weights: np.ndarray  # (shown of the layer before, shown); (0, shown) for what comes in
    biases: np.ndarray  # (shown,)


class Network:
    """A model as a chain of Dense layers, with others between them that are passed through.

    Only what Keras makes public is used: the layers are called one after another, and where that
    gives something else than the model, it is no chain and there is no picture.

    Args:
        model: the learner's.
        extent: (first, last) of the first input, and of the second.
    """

    def __init__(self, model, extent: list):
        x, y = (np.linspace(low, high, SIDE, dtype=np.float32) for low, high in extent)
        self._grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        self._layers = [
            layer for layer in getattr(model, "layers", []) if type(layer).__name__ != "InputLayer"
        ]
        others = [type(layer).__name__ for layer in self._layers if not _is_dense(layer)]
        self.left_out = (
            say("Left out of the network's picture: {layers}.", layers=", ".join(others))
            if others
            else ""
        )
        if not self._is_chain(model):
            self._layers = []
            self.left_out = say("No picture of the network: it is not one chain of layers.")

    def _is_chain(self, model):
        if not any(map(_is_dense, self._layers)):
            return False
        try:
            last = self._grid
            for layer in self._layers:
                last = layer(last)
            given, expected = np.asarray(last), np.asarray(model(self._grid))
        except Exception:  # noqa: BLE001 - a layer of the learner's may raise anything
            return False
        return given.shape == expected.shape and np.allclose(
            given, expected, atol=1e-4, equal_nan=True
        )

    def columns(self) -> list[Column]:
        """Evaluate the units as they stand.

        Returns:
            What comes in, then one column for each Dense layer; empty where there is no picture.
        """
        if not self._layers:
            return []
        seen = [(None, self._grid)]
        value: Any = self._grid
        for layer in self._layers:
            value = layer(value)
            if _is_dense(layer):
                seen.append((layer, value))
            else:  # an activation of its own, say: this is what the next Dense layer gets
                seen[-1] = (seen[-1][0], value)
        return [_column(layer, np.asarray(value)) for layer, value in seen]


def _is_dense(layer):
    return hasattr(layer, "units") and len(getattr(layer, "kernel", np.zeros(0)).shape) == 2


def _column(layer, values):
    values = values.reshape(len(values), -1)
    maps = values[:, :MOST].T.reshape(-1, SIDE, SIDE)
    if layer is None:
        return Column(values.shape[1], maps, np.zeros((0, len(maps))), np.zeros(len(maps)))
    weights = np.asarray(layer.kernel)[:MOST, :MOST]
    biases = np.zeros(layer.units) if layer.bias is None else np.asarray(layer.bias)
    return Column(layer.units, maps, weights, biases[:MOST])


def as_signs(maps: np.ndarray) -> np.ndarray:
    """Turn what units give into bytes, each unit on a scale of its own with 0 in the middle.

    Args:
        maps: (units, ...); may be NaN.

    Returns:
        uint8 of the same shape: 127 stands for 0, 0 and 254 for the largest distance from it, 255
        for NaN.

    Example:
        >>> as_signs(np.array([[0.0, 2.0, -1.0, np.nan], [0.0, 0.0, 0.0, 0.0]])).tolist()
        [[127, 254, 64, 255], [127, 127, 127, 127]]
    """
    known = np.nan_to_num(maps.astype(np.float64), nan=0.0, posinf=1e38, neginf=-1e38)
    largest = np.abs(known).max(axis=tuple(range(1, maps.ndim)), keepdims=True)
    levels = np.rint(127 + 127 * known / np.where(largest, largest, 1))
    return np.where(np.isnan(maps), 255, levels).astype(np.uint8)


def keras_code(model, choice: Choice) -> str:
    """Write the code of a model, to copy into a cell.

    Args:
        model: the learner's, whose optimizer and loss are named where Keras knows them.
        choice: the settings that it was built with.

    Returns:
        Lines of Python that build and compile the same layers with new weights. Where the model
        has others than Dense layers, the call of `build_model`.

    Example:
        >>> print(keras_code(None, Choice("rings", (3,), "tanh", 0.03)).splitlines()[5])
            layers.Dense(3, activation="tanh"),
    """
    inner = [layer for layer in getattr(model, "layers", []) if hasattr(layer, "call")]
    inner = [layer for layer in inner if type(layer).__name__ != "InputLayer"]
    if not all(map(_is_dense, inner)):
        units = [*choice.hidden_units]
        return f'model = build_model({units}, "{choice.activation}", {choice.learning_rate:g})\n'
    sizes = [(units, choice.activation) for units in choice.hidden_units] + [(1, "sigmoid")]
    if inner:
        sizes = [(layer.units, layer.activation.__name__) for layer in inner]
    ends = ["" if getattr(layer, "use_bias", True) else ", use_bias=False" for layer in inner]
    dense = [
        f'    layers.Dense({units}, activation="{name}"{end}),'
        for (units, name), end in zip(sizes, ends or [""] * len(sizes), strict=True)
    ]
    optimizer = type(getattr(model, "optimizer", None)).__name__
    optimizer = "Adam" if optimizer == "NoneType" else optimizer
    loss = getattr(model, "loss", None)
    lines = [
        "import keras",
        "from keras import layers",
        "",
        "model = keras.Sequential([",
        "    keras.Input((2,)),",
        *dense,
        "])",
        "model.compile(",
        f"    keras.optimizers.{optimizer}({choice.learning_rate:g}),",
        f'    "{loss if isinstance(loss, str) else "binary_crossentropy"}",',
        '    metrics=["accuracy"],',
        ")",
    ]
    return "\n".join(lines) + "\n"
