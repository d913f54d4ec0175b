"""What a script's process starts with: past proxies."""

import pytest

from workshop.cluster import environment, start_cluster
from workshop.cluster.environment import past_proxies, script_environment

HERE = "127.0.0.1,localhost,::1"
NOBODY = "http://127.0.0.1:9"
PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in (*PROXIES, "grpc_proxy", "no_proxy", "NO_PROXY", "no_grpc_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", [*PROXIES, "grpc_proxy"])
def test_this_machine_is_reached_past_any_proxy(monkeypatch, name):
    monkeypatch.setenv(name, NOBODY)
    given = script_environment()
    assert given[name] == NOBODY
    assert {given[name] for name in ("no_proxy", "NO_PROXY", "no_grpc_proxy")} == {HERE}


@pytest.mark.parametrize("proxies", [{}, {"http_proxy": ""}, {"no_proxy": "example.org"}])
def test_without_a_proxy_nothing_is_set(proxies):
    """Exceptions alone would hide the proxy that Windows and macOS keep in their settings."""
    assert past_proxies(proxies) == {}


@pytest.mark.parametrize(
    ("set_before", "lower", "upper", "grpc"),
    [
        ({"no_proxy": "a.org"}, "a.org," + HERE, "a.org," + HERE, "a.org," + HERE),
        ({"NO_PROXY": "a.org"}, "a.org," + HERE, "a.org," + HERE, "a.org," + HERE),
        ({"no_proxy": "a", "NO_PROXY": "b"}, "a," + HERE, "b," + HERE, "a," + HERE),
        ({"no_proxy": "", "NO_PROXY": "b"}, "b," + HERE, "b," + HERE, "b," + HERE),
        ({"no_proxy": " a , localhost,"}, *["a,localhost,127.0.0.1,::1"] * 3),
        ({"no_proxy": "*"}, "*", "*", "*," + HERE),  # gRPC does not know it
        ({"no_proxy": "*,a"}, *["*,a," + HERE] * 3),  # nor does Python, in company
        ({"no_grpc_proxy": "g", "no_proxy": "a"}, "a," + HERE, "a," + HERE, "g," + HERE),
    ],
)
def test_what_stood_there_stays(set_before, lower, upper, grpc):
    given = past_proxies({"http_proxy": NOBODY, **set_before})
    assert given == {"no_proxy": lower, "NO_PROXY": upper, "no_grpc_proxy": grpc}


def test_a_variable_for_this_script_alone_counts(monkeypatch):
    given = script_environment({"grpc_proxy": NOBODY, "no_proxy": "a"})
    assert given["no_grpc_proxy"] == "a," + HERE


def test_windows_knows_one_spelling(monkeypatch):
    monkeypatch.setattr(environment.sys, "platform", "win32")
    monkeypatch.setattr(environment.os, "environ", {"HTTP_PROXY": NOBODY, "NO_PROXY": "b"})
    given = script_environment({"no_proxy": "a"})
    assert {name for name in given if "PROXY" in name.upper()} == {
        *("HTTP_PROXY", "NO_PROXY", "NO_GRPC_PROXY")
    }
    assert given["NO_PROXY"] == given["NO_GRPC_PROXY"] == "a," + HERE


def test_two_workers_of_tensorflow_meet_where_a_proxy_is_set(write, monkeypatch):
    pytest.importorskip("tensorflow")
    path = write(
        "import tensorflow as tf\n"
        "strategy = tf.distribute.MultiWorkerMirroredStrategy()\n"
        "print('met', strategy.num_replicas_in_sync)\n"
    )
    for name, value in {"http_proxy": NOBODY, "grpc_proxy": NOBODY, "no_proxy": "*"}.items():
        monkeypatch.setenv(name, value)
    with start_cluster(path, {"worker": 2}) as cluster:
        assert cluster.wait(120, show=None) == {"worker 0": 0, "worker 1": 0}
        assert cluster["worker 1"].last_lines().endswith("met 2")
