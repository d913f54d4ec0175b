"""A GPU, where there is one: processes share it, and products of float32 keep their digits."""

import shutil

import numpy as np
import pytest

from workshop.cluster import start_script

pytestmark = pytest.mark.usefixtures("nothing_is_left")

HALF_A_GB = """
import tensorflow as tf
numbers = tf.random.uniform((2**27,))
print(numbers.device[-5:], float(tf.reduce_max(numbers)) <= 1)
"""


@pytest.fixture
def tf():
    """TensorFlow, if it can use a GPU."""
    if not shutil.which("nvidia-smi"):
        pytest.skip("no NVIDIA GPU here")
    tf = pytest.importorskip("tensorflow")
    if not tf.config.list_physical_devices("GPU"):
        pytest.skip("this TensorFlow uses no GPU; python3 start.py --cuda test does")
    return tf


def test_two_processes_share_the_memory_of_one_gpu(tf, write):
    ours = tf.random.uniform((2**27,))
    with start_script(write(HALF_A_GB)) as script:
        assert script.wait(120) == 0, script.last_lines()
        assert script.output.split() == ["GPU:0", "True"]
    assert float(tf.reduce_max(ours)) <= 1


def test_products_keep_the_digits_of_float32(tf):
    one, other = np.random.default_rng(1).random((2, 500, 500), dtype="float32")
    product = tf.matmul(one, other).numpy()
    np.testing.assert_allclose(product, np.float64(one) @ np.float64(other), rtol=1e-5)
