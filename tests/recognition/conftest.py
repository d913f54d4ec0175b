"""The network with its weights, once, where the package that carries them is installed."""

import pytest

from workshop.recognition import NetworkMissing, efficientnet_lite0, read_state_dict
from workshop.recognition.efficientnet import weights_file


@pytest.fixture(scope="session")
def arrays():
    try:
        return read_state_dict(weights_file())
    except NetworkMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def network(arrays):
    return efficientnet_lite0()
