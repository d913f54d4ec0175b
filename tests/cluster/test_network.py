"""A cluster's own network: its tasks meet there, and the rest of the world stays outside."""

import os
import socket
import subprocess
import sys
import threading

import psutil
import pytest
from processes import is_alive, until

from workshop.cluster import SlowLink, network, own_network, start_cluster, start_script

WHO = "import os; print(os.getuid(), os.getgid(), os.getcwd())"
MEET = """
import json, os, socket
config = json.loads(os.environ["TF_CONFIG"])
addresses, me = config["cluster"]["worker"], config["task"]["index"]
host, port = addresses[0].split(":")
if me == 0:
    with socket.create_server(("", int(port))) as server:  # at all addresses, as TensorFlow
        print("listens at", port)
        while True:
            with server.accept()[0] as other:
                print("heard", word := other.recv(99))
                other.sendall(word)
met = b""
while met != b"hello":
    try:
        with socket.create_connection((host, int(port)), 5) as other:
            other.sendall(b"hello")
            met = other.recv(99)
    except OSError:
        pass
try:
    socket.create_connection(("192.0.2.1", 80), 5)
except OSError as error:
    print("outside:", error.strerror)
"""


@pytest.fixture(scope="module")
def may():
    """Most tests need a system that lets us make one."""
    with own_network() as made:
        if not made:
            pytest.skip("this system gives nobody a network of their own")


def addresses():
    """All addresses of this machine but 127.0.0.1."""
    found = [one for all_of in psutil.net_if_addrs().values() for one in all_of]
    others = {one.address for one in found if one.family == socket.AF_INET}
    return sorted(others - {"127.0.0.1"} | {"127.0.0.2"})


def is_open(host, port):
    try:
        socket.create_connection((host, port), 2).close()
    except OSError:
        return False
    return True


def test_tasks_reach_each_other_and_nobody_reaches_them(may, write):
    with start_cluster(write(MEET), {"worker": 2}) as cluster:
        port = int(cluster["worker 0"].wait_for("listens at", 60).split()[-1])
        cluster["worker 0"].wait_for("hello", 60)
        assert cluster["worker 1"].wait_for("outside", 60) == "outside: Network is unreachable"
        assert not [host for host in ["127.0.0.1", *addresses()] if is_open(host, port)]


def test_a_script_alone_stays_on_the_machines_network(write):
    listen = "import socket\nwith socket.create_server(('', 0)) as server:\n"
    path = write(listen + "    print('at', server.getsockname()[1])\n    server.accept()")
    with start_script(path) as script:
        port = int(script.wait_for("at", 60).split()[1])
        assert is_open("127.0.0.1" if sys.platform == "win32" else addresses()[-1], port)


def test_one_that_comes_back_is_on_the_same_network(may, write):
    with start_cluster(write(MEET), {"worker": 2}) as cluster:
        cluster["worker 0"].wait_for("hello", 60)
        cluster.restart("worker 0")
        cluster["worker 0"].wait_for("listens", 60)
        cluster.restart("worker 1")
        cluster["worker 0"].wait_for("hello", 60)


def test_a_link_stands_between_tasks_that_are_cut_off(may, write):
    link = SlowLink(megabits_per_s=100, delay_ms=1)
    with start_cluster(write(MEET), {"worker": 2}, link=link) as cluster:
        cluster["worker 0"].wait_for("hello", 60)
        assert cluster["worker 1"].wait(60) == 0


def test_files_and_rights_stay_the_learners(may, write, tmp_path):
    path = write(WHO + "\nopen('made', 'w').close()")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        with start_cluster(path, {"worker": 1}) as cluster:
            cluster.wait(60, show=None)
    uid, gid, folder = cluster["worker 0"].output.split()
    assert (int(uid), int(gid)) == (os.getuid(), os.getgid())
    assert tmp_path.samefile(folder)
    assert (tmp_path / "made").stat().st_uid == os.getuid()


def test_nothing_is_left_of_it_however_it_ends(may, write):
    before = threading.active_count()
    keeper = "network.py"
    with start_cluster(write("print('done')"), {"worker": 1}) as cluster:
        cluster.wait(60, show=None)
        assert [one for one in psutil.Process().children() if one.cmdline()[-1].endswith(keeper)]
    assert not [one for one in psutil.Process().children() if one.cmdline()[-1].endswith(keeper)]
    with pytest.raises(FileNotFoundError):
        start_cluster("absent.py", {"worker": 1})
    link = SlowLink(100)
    link.open({"worker": ["127.0.0.1:9"]})
    with pytest.raises(RuntimeError, match="one for each cluster"):
        start_cluster(write("print('done')"), {"worker": 1}, link=link)
    link.close()
    until(lambda: threading.active_count() <= before, "a thread is left")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_it_ends_with_the_process_that_made_it(may):
    code = (
        "import psutil, time\nfrom workshop.cluster import own_network\n"
        "with own_network():\n"
        "    print(psutil.Process().children()[0].pid, flush=True)\n    time.sleep(99)"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as kernel:
        keeper = psutil.Process(int(kernel.stdout.readline()))
        kernel.kill()
    until(lambda: not is_alive(keeper), "it outlived the process that made it")


@pytest.mark.parametrize("fails", ["True: raise OSError(1, 'unshare')", "True: exit(1)"])
def test_where_it_is_forbidden_tasks_meet_as_before(write, tmp_path, monkeypatch, fails):
    program = tmp_path / "forbidden.py"
    program.write_text(f"if {fails}")
    monkeypatch.setattr(network, "__file__", str(program))
    with own_network() as made:
        assert made is None
    with start_cluster(write(MEET), {"worker": 2}) as cluster:
        cluster["worker 0"].wait_for("hello", 60)


def test_where_it_can_be_made_but_not_joined_there_is_none(may, tmp_path, monkeypatch):
    """As in sandboxes that know only a part of Linux."""
    program = tmp_path / "half.py"
    program.write_text(
        "import socket, sys\nif len(sys.argv) > 1: sys.exit(1)\n"
        "line = socket.socket(fileno=0)\nline.sendall(b'.')\nline.recv(1)\n"
    )
    monkeypatch.setattr(network, "__file__", str(program))
    with own_network() as made:
        assert made is None


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_have_no_such_thing(monkeypatch, system):
    monkeypatch.setattr(network.sys, "platform", system)
    with own_network() as made:
        assert made is None


def test_tensorflows_server_is_cut_off(may, write):
    pytest.importorskip("tensorflow")
    path = write(
        "import tensorflow as tf\n"
        "place = tf.distribute.cluster_resolver.TFConfigClusterResolver()\n"
        "server = tf.distribute.Server(place.cluster_spec(), 'worker', 0, protocol='grpc')\n"
        "print('target', server.target)\nserver.join()\n"
    )
    with start_cluster(path, {"worker": 1}) as cluster:
        port = int(cluster["worker 0"].wait_for("target", 120).split(":")[-1])
        assert not [host for host in ["127.0.0.1", *addresses()] if is_open(host, port)]
