"""The network in Keras agrees with a forward pass that knows nothing of it."""

import numpy as np
import pytest

from workshop.recognition import NetworkMissing, WeightsError, efficientnet, efficientnet_lite0


def convolve(x, kernel, strides=1):
    """A convolution, padded as TensorFlow pads; x (height, width, in), kernel (out, in, h, w)."""
    out, per_group, size, _ = kernel.shape
    height = -(-x.shape[0] // strides)
    pad = max((height - 1) * strides + size - x.shape[0], 0)
    x = np.pad(x, ((pad // 2, pad - pad // 2), (pad // 2, pad - pad // 2), (0, 0)))
    views = np.lib.stride_tricks.sliding_window_view(x, (size, size), (0, 1))[::strides, ::strides]
    if per_group == 1 and out > 1 and x.shape[2] == out:
        return np.einsum("hwcij,cij->hwc", views, kernel[:, 0])
    return np.einsum("hwcij,ocij->hwo", views, kernel, optimize=True)


def forward(pixels, arrays):
    """EfficientNet-Lite0 in NumPy, float64, from the names and shapes of the file alone."""
    weights = {name: array.astype(np.float64) for name, array in arrays.items()}

    def layer(x, convolution, norm, strides=1, *, relu=True):
        x = convolve(x, weights[f"{convolution}.weight"], strides)
        mean, variance = (weights[f"{norm}.running_{part}"] for part in ("mean", "var"))
        x = (x - mean) / np.sqrt(variance + 1e-3)
        x = x * weights[f"{norm}.weight"] + weights[f"{norm}.bias"]
        return np.clip(x, 0, 6) if relu else x

    x = layer((pixels - 127.0) / 128.0, "_conv_stem", "_bn0", 2)
    halved = {1, 3, 5, 11}  # blocks that halve the size
    for number in range(16):
        name, before = f"_blocks.{number}.", x
        if f"{name}_expand_conv.weight" in weights:
            x = layer(x, f"{name}_expand_conv", f"{name}_bn0")
        x = layer(x, f"{name}_depthwise_conv", f"{name}_bn1", 2 if number in halved else 1)
        x = layer(x, f"{name}_project_conv", f"{name}_bn2", relu=False)
        x = before + x if before.shape == x.shape else x
    x = layer(x, "_conv_head", "_bn1").mean((0, 1))
    logits = weights["_fc.weight"] @ x + weights["_fc.bias"]
    odds = np.exp(logits - logits.max())
    return odds / odds.sum()


def test_it_agrees_with_a_forward_pass_in_numpy(network, arrays):
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:224, :224]
    pixels = np.stack([rows, columns, 255 * (np.hypot(rows - 100, columns - 120) < 60)], axis=-1)
    pixels = np.clip(pixels + rng.normal(0, 10, pixels.shape), 0, 255).astype("uint8")
    came = network.predict(pixels[None], verbose=0)[0]
    expected = forward(pixels.astype(np.float64), arrays)
    np.testing.assert_allclose(came, expected, atol=2e-6)
    assert expected.max() > 0.05  # it says something


def test_shapes_and_names(network):
    assert network.count_params() == 4_694_024
    assert network.get_layer("maps").output.shape == (None, 7, 7, 1280)
    assert network.get_layer("features").output.shape == (None, 1280)
    assert network.input.name == "pixels"


def test_without_weights_no_file_is_needed(monkeypatch):
    monkeypatch.setattr(efficientnet, "find_spec", lambda name: None)
    assert efficientnet_lite0(weights=False).count_params() == 4_694_024
    with pytest.raises(NetworkMissing, match="--with recognition"):
        efficientnet_lite0()


def test_weights_of_another_network_are_refused(monkeypatch, tmp_path, arrays):
    monkeypatch.setattr(efficientnet, "weights_file", lambda: tmp_path)
    shorter = {name: array for name, array in arrays.items() if not name.startswith("_fc")}
    for given, said in (
        (shorter, "do not fit the layer _fc"),
        (arrays | {"_bn2.weight": np.zeros(3, "f4")}, "weights for 1 more"),
        (arrays | {"_conv_stem.weight": np.zeros((3, 3), "f4")}, "do not fit the layer _conv_stem"),
    ):
        monkeypatch.setattr(efficientnet, "read_state_dict", lambda path, given=given: given)
        with pytest.raises(WeightsError, match=said):
            efficientnet_lite0()
