"""What lesson 08 writes into scripts: the choice of devices, on machines that are not here."""

import sys
from types import SimpleNamespace

import pytest

from workshop.course.cells import scripts


class FakeConfig:
    """`tf.config` of a machine with one CPU and some GPUs."""

    LogicalDeviceConfiguration = SimpleNamespace

    def __init__(self, gpus):
        self.logical = {"CPU": 1, "GPU": gpus}
        self.started = False

    def list_physical_devices(self, kind):
        count = {"CPU": 1, "GPU": self.logical["GPU"]}[kind]
        return [SimpleNamespace(name=f"/physical_device:{kind}:{k}") for k in range(count)]

    def set_logical_device_configuration(self, device, configurations):
        assert not self.started, "logical devices are set before TensorFlow starts"
        assert device.name == "/physical_device:CPU:0"
        self.logical["CPU"] = len(configurations)

    def list_logical_devices(self, kind):
        self.started = True  # as in TensorFlow, this starts all devices
        return [SimpleNamespace(name=f"/device:{kind}:{k}") for k in range(self.logical[kind])]


@pytest.fixture
def devices_on(monkeypatch):
    """The function `devices` as it is on a machine with so many GPUs, and its `tf.config`."""

    def devices_on(gpus):
        config = FakeConfig(gpus)
        monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(config=config))
        names = {}
        exec(scripts("8")["places.py"], names)
        return names["devices"], config

    return devices_on


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_cpu_is_cut_into_as_many_as_are_asked_for(devices_on, number):
    devices, _ = devices_on(0)
    assert devices(number) == [f"/device:CPU:{k}" for k in range(number)]


@pytest.mark.parametrize(("gpus", "number", "found"), [(1, 4, 1), (2, 2, 2), (8, 4, 4), (8, 1, 1)])
def test_gpus_are_taken_where_there_are_some(devices_on, gpus, number, found):
    devices, config = devices_on(gpus)
    assert devices(number) == [f"/device:GPU:{k}" for k in range(found)]
    assert config.logical["CPU"] == 1, "the CPU stays whole"


def test_a_replica_takes_the_gpus_by_the_same_function():
    assert "MirroredStrategy(devices(" in scripts("8")["train.py"]
    assert "MirroredStrategy(devices(" in scripts("8")["fit.py"]
