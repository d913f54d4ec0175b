import errno
import gzip
import http.server
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from types import SimpleNamespace
from urllib.parse import urlsplit

import filelock
import numpy as np
import pytest
from small_mnist import put_in_place

from workshop.data import DataError, download, idx, load_mnist, mirrors, mnist

IMAGES = "train-images-idx3-ubyte"

# What another process runs: the small data set in the place of MNIST, then one call.
CHILD = """
import json, sys
from workshop.data import idx, mnist
idx.PARTS = tuple(idx.Part(n, k, tuple(s), d) for n, k, s, d in json.loads(sys.argv[1]))
try:
    print(mnist.fetch(progress=False))
except idx.DataError as error:
    print("DataError:", error)
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKSHOP_DATA", raising=False)
    monkeypatch.setenv("WORKSHOP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(download, "PAUSE_S", 0.01)
    return tmp_path


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A data set in the place of MNIST, small enough to fetch in every test."""
    (x_train, y_train), (x_test, y_test) = load_mnist("sample")
    # noise on top, so that the packed file is long enough to be interrupted
    noise = np.random.default_rng(0).integers(0, 256, (600, 28, 28), np.uint8)
    arrays = {
        "x_train": x_train[:600] ^ noise,
        "y_train": y_train[:600],
        "x_test": x_test[:10],
        "y_test": y_test[:10],
    }
    return put_in_place(monkeypatch, arrays)


HELD_S = 60  # who says nothing speaks after this time, or no test that waits for it would end


class Handler(http.server.BaseHTTPRequestHandler):
    """A mirror whose first folder says how it behaves: /good/, /page/, /cut/ ..."""

    def log_message(self, *_):
        pass

    def parse_request(self):
        parsed = super().parse_request()
        if parsed and self.path.startswith("http:"):  # as a proxy is asked
            self.path = urlsplit(self.path).path
        return parsed

    def do_HEAD(self):
        if "/silent/" in self.path:
            self.server.ended.wait(HELD_S)
            self.server.spoke.append(self.path)
            return
        if "/late/" in self.path:
            self.server.ended.wait(1)
        self.send_response(200)
        self.end_headers()

    def do_GET(self):
        self.server.gets.append(self.path)
        _, behaviour, name = self.path.split("/")
        content = self.server.files[name.removesuffix(".gz")]
        packed = gzip.compress(content)
        if behaviour == "missing" or (behaviour == "partly" and name.startswith("t10k")):
            self.send_error(404)
            return
        if behaviour == "hung":
            self.server.ended.wait(HELD_S)
            return
        sent = {
            "page": b"<html><body>Log in to the Wi-Fi of the conference</body></html>",
            "altered": gzip.compress(content[:-1] + bytes([content[-1] ^ 1])),
            "swapped": gzip.compress(self.server.files["t10k-labels-idx1-ubyte"]),
            "short": packed[: len(packed) // 2],
            "unpacked": content,
            "endless": content * 9,
        }.get(behaviour, packed)
        self.send_response(200)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        if behaviour == "cut" or (behaviour == "shaky" and len(self.server.gets) % 2):
            sent = sent[: len(sent) // 2]
        step, pause = (20_000, 0.1) if behaviour == "slow" else (len(sent), 0)
        for start in range(0, len(sent), step):
            self.wfile.write(sent[start : start + step])
            self.wfile.flush()
            time.sleep(pause)


class SocksHandler(Handler):
    """The same behind a SOCKS proxy: its greeting comes first."""

    def setup(self):
        self.request.recv(262)
        self.request.sendall(b"\x05\x00")
        self.server.gets.append(self.request.recv(262)[5:-2].decode())
        self.request.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        super().setup()


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # a client that was killed


@pytest.fixture
def handler():
    return Handler


@pytest.fixture
def server(small, handler):
    with Server(("127.0.0.1", 0), handler) as server:
        server.gets, server.spoke, server.ended = [], [], threading.Event()
        server.files = {part.name: part.header + small[part.key].tobytes() for part in idx.PARTS}
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.ended.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def use(server, monkeypatch):
    def use(*behaviours):
        port = server.server_address[1]
        addresses = [f"http://127.0.0.1:{port}/{behaviour}" for behaviour in behaviours]
        monkeypatch.setenv("WORKSHOP_MIRRORS", " ".join(addresses))

    return use


def start_child():
    parts = json.dumps([(part.name, part.key, part.shape, part.sha256) for part in idx.PARTS])
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, parts],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_complete(cache, arrays):
    names = sorted(path.name for path in cache.iterdir())
    assert set(names) - {".lock"} == {part.name for part in idx.PARTS}
    read = idx.read_folder(cache)
    for key, array in arrays.items():
        np.testing.assert_array_equal(read[key], array)


def assert_no_half_file(cache):
    """What bears the name of the data is whole; nothing else is left."""
    for path in cache.glob("*"):
        if path.name != ".lock":
            part = next(part for part in idx.PARTS if part.name == path.name)
            idx.read_part(part, path)


@pytest.mark.parametrize(
    "mirrors",
    [
        ["good"],
        ["unpacked"],
        ["shaky"],
        ["missing", "good"],
        ["page", "good"],
        ["altered", "good"],
        ["swapped", "good"],
        ["short", "good"],
        ["cut", "good"],
        ["partly", "page", "good"],
    ],
)
def test_download(mirrors, use, server, small, capsys):
    use(*mirrors)
    (x_train, _), (_, y_test) = load_mnist()
    np.testing.assert_array_equal(x_train, small["x_train"])
    np.testing.assert_array_equal(y_test, small["y_test"])
    assert_complete(mnist.cache_folder(), small)
    captured = capsys.readouterr()
    assert "the full data" in captured.out and captured.out.count("MNIST") == 1
    assert "Traceback" not in captured.err and "SHA256" not in captured.err
    asked = len(server.gets)
    assert mnist.fetch() == mnist.cache_folder()
    load_mnist("full")
    assert len(server.gets) == asked, "a second call went to the network again"


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("missing", "HTTP 404"),
        ("page", f"/page/{IMAGES}.gz is a web page"),
        ("altered", f"/altered/{IMAGES}.gz was altered"),
        ("swapped", f"/swapped/{IMAGES}.gz is cut short"),
        ("short", f"/short/{IMAGES}.gz cannot be read to its end"),
        ("cut", "the connection broke"),
    ],
)
def test_no_mirror_is_right(behaviour, words, use, capsys):
    use(behaviour)
    with pytest.raises(DataError, match=words) as raised:
        load_mnist("full")
    assert IMAGES in str(raised.value) and "workshop data" in str(raised.value)
    with pytest.raises(DataError, match=words):
        mnist.fetch(progress=False)
    assert [path.name for path in (mnist.cache_folder()).iterdir()] == [".lock"]
    (x_train, _), _ = load_mnist()
    assert len(x_train) == 4500
    assert words in capsys.readouterr().out


def test_progress_is_shown_where_asked(use, home, capfd):
    use("good")
    mnist.fetch(progress=False)
    assert capfd.readouterr().err == ""
    shutil.rmtree(home / "cache")
    mnist.fetch(progress=True)
    captured = capfd.readouterr()
    assert f"{IMAGES}.gz:" in captured.out + captured.err


def test_damaged_cache_is_fetched_anew(use, server, small, capsys):
    use("good")
    mnist.fetch(progress=False)
    path = mnist.cache_folder() / IMAGES
    path.write_bytes(path.read_bytes()[:-1] + b"\x55")
    server.gets.clear()
    (x_train, _), _ = load_mnist()
    np.testing.assert_array_equal(x_train, small["x_train"])
    assert server.gets == [f"/good/{IMAGES}.gz"]  # the other three were right
    assert "was altered" in capsys.readouterr().out
    assert_complete(mnist.cache_folder(), small)


def test_two_processes_at_once(use, server, small):
    use("slow")
    children = [start_child() for _ in range(3)]
    for child in children:
        out, err = child.communicate(timeout=60)
        assert child.returncode == 0, err
        assert out.strip() == str(mnist.cache_folder())
    assert len(server.gets) == len(idx.PARTS)  # one fetched, the others waited
    assert_complete(mnist.cache_folder(), small)


def test_two_processes_at_once_without_locks(use, small, monkeypatch):
    def no_locks(*_, **__):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(filelock.FileLock, "acquire", no_locks)
    use("slow")
    threads = [threading.Thread(target=mnist.fetch, kwargs={"progress": False}) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_complete(mnist.cache_folder(), small)


def wait_for_half_file(cache):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if any(path.stat().st_size for path in cache.glob(".partial-*/*")):
            return
        time.sleep(0.01)
    raise AssertionError("the download never began")


def test_killed_download(use, small):
    use("slow")
    cache = mnist.cache_folder()
    child = start_child()
    wait_for_half_file(cache)
    child.kill()
    child.communicate()
    assert not (cache / IMAGES).exists()
    assert mnist.status()[0] == "sample"
    mnist.fetch(progress=False)  # the lock of the dead is free, its half files are cleared away
    assert_complete(cache, small)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one child")
def test_interrupted_download(use, server, small):
    use("slow")
    cache = mnist.cache_folder()
    child = start_child()
    wait_for_half_file(cache)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=30)
    assert "KeyboardInterrupt" in err
    assert [path.name for path in cache.iterdir()] == [".lock"]
    use("partly")  # now the first two arrive, then the network goes
    with pytest.raises(DataError, match="t10k"):
        mnist.fetch(progress=False)
    assert_no_half_file(cache)
    server.gets.clear()
    use("good")
    mnist.fetch(progress=False)
    assert server.gets == ["/good/t10k-images-idx3-ubyte.gz", "/good/t10k-labels-idx1-ubyte.gz"]
    assert_complete(cache, small)


@pytest.mark.parametrize("behaviour", ["good", "unpacked"])
def test_disk_that_takes_no_more(behaviour, use, small, capsys):
    resource = pytest.importorskip("resource")
    use(behaviour)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))  # a real write fails half-way
    try:
        with pytest.raises(DataError, match=r"cannot write to .*WORKSHOP_CACHE"):
            mnist.fetch(progress=False)
        (x_train, _), _ = load_mnist()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(x_train) == 4500
    assert "cannot write to" in capsys.readouterr().out
    assert [path.name for path in (mnist.cache_folder()).iterdir()] == [".lock"]
    mnist.fetch(progress=False)
    assert_complete(mnist.cache_folder(), small)


def test_full_disk_at_the_last_moment(use, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    use("good")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match=r"No space left on device.*make room"):
        mnist.fetch(progress=False)
    assert [path.name for path in (mnist.cache_folder()).iterdir()] == [".lock"]


def test_no_right_to_write(use, home, monkeypatch, capsys):
    use("good")
    (home / "file").write_text("no folder can be made here, not even by root")
    monkeypatch.setenv("WORKSHOP_CACHE", str(home / "file"))
    with pytest.raises(DataError, match=r"cannot write to .*WORKSHOP_CACHE"):
        mnist.fetch(progress=False)
    with pytest.raises(DataError, match="cannot write to"):
        load_mnist("full")
    load_mnist()
    assert "packaged sample, 4,500 + 500 digits (cannot write to" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_folder_without_right_to_write(use, home):
    use("good")
    (home / "cache").mkdir(mode=0o500)
    with pytest.raises(DataError, match="Permission denied"):
        mnist.fetch(progress=False)


@pytest.fixture
def waits(monkeypatch):
    """Each wait for the answer of a mirror: how long it may take, and whether an answer came."""
    waits = []

    class Watched(queue.Queue):
        def get(self, *, timeout):
            waits.append((timeout, False))
            answer = super().get(timeout=timeout)
            waits[-1] = (timeout, True)
            return answer

    monkeypatch.setattr(download, "queue", SimpleNamespace(Queue=Watched, Empty=queue.Empty))
    return waits


def assert_that_the_sample_is_taken(capsys, why="no network"):
    (x_train, _), _ = load_mnist()
    assert len(x_train) == 4500
    assert f"({why})" in capsys.readouterr().out


def test_refused_connection_is_given_up_at_once(waits, monkeypatch, capsys):
    monkeypatch.setattr(mirrors, "MIRRORS", ("http://127.0.0.1:9/", "http://127.0.0.1:10/"))
    monkeypatch.setattr(download, "ANSWER_S", HELD_S)
    assert_that_the_sample_is_taken(capsys)
    assert [came for _, came in waits] == [True, True]  # two refusals, no time that ran out


def test_a_mirror_that_was_named_is_named_again(monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_MIRRORS", "http://127.0.0.1:9/ http://127.0.0.1:10/")
    why = "no server on this port of this machine: name the machine that it runs on"
    both = f"no network: http://127.0.0.1:9/, http://127.0.0.1:10/: {why}"
    assert_that_the_sample_is_taken(capsys, both)


def test_mirror_that_stays_silent_is_given_up(waits, use, server, monkeypatch, capsys):
    use("silent")
    monkeypatch.setattr(download, "ANSWER_S", 0.5)
    address = os.environ["WORKSHOP_MIRRORS"]
    why = f"no mirror gave a right {IMAGES}.gz ({address}/: no answer within 0.5 s)"
    assert_that_the_sample_is_taken(capsys, why)
    assert server.spoke == []
    assert [timeout <= 0.5 for timeout, _ in waits] == [True]


def test_name_server_that_stays_silent_is_given_up(waits, monkeypatch, capsys):
    monkeypatch.setattr(mirrors, "MIRRORS", ("http://nowhere.invalid/",))
    monkeypatch.setattr(download, "ANSWER_S", 0.5)
    ended, spoke = threading.Event(), []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: spoke.append(ended.wait(HELD_S)))
    assert_that_the_sample_is_taken(capsys)
    assert spoke == []
    assert [(timeout <= 0.5, came) for timeout, came in waits] == [(True, False)]
    ended.set()


def test_mirror_that_falls_silent_is_asked_once_only(use, server, monkeypatch, capsys):
    use("hung", "good")
    monkeypatch.setattr(download, "SILENCE_S", 0.5)
    load_mnist("full")
    assert sum("/hung/" in path for path in server.gets) <= 1
    shutil.rmtree(mnist.cache_folder())
    server.gets.clear()
    use("hung")
    load_mnist()
    assert "/hung/: no answer within 0.5 s" in capsys.readouterr().out
    assert len(server.gets) == 1


def test_mirror_that_trickles_is_left_to_who_asked_for_the_data(use, small, monkeypatch, capsys):
    use("slow")
    monkeypatch.setattr(download, "PACE_S", 0)
    monkeypatch.setattr(download, "WHOLE_S", 0.01)
    load_mnist()
    assert "/slow/: too slow (" in capsys.readouterr().out
    mnist.fetch(progress=False)
    assert_complete(mnist.cache_folder(), small)


def test_who_asked_for_the_data_waits_longer(use, monkeypatch, capsys):
    use("late")
    monkeypatch.setattr(download, "ANSWER_S", 0.2)
    load_mnist()
    assert "/late/: no answer within 0.2 s" in capsys.readouterr().out
    assert mnist.fetch(progress=False) == mnist.cache_folder()


def test_a_proxy_is_on_the_way_where_one_is_named(server, small, monkeypatch):
    monkeypatch.setenv("WORKSHOP_MIRRORS", "http://mnist.invalid/good/")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_address[1]}")
    mnist.fetch(progress=False)
    assert_complete(mnist.cache_folder(), small)


@pytest.mark.parametrize("handler", [SocksHandler])
@pytest.mark.parametrize("kind", ["socks5h", "socks"])
def test_a_socks_proxy_is_on_the_way_where_one_is_named(kind, server, small, monkeypatch):
    monkeypatch.setattr(mirrors, "MIRRORS", ("http://mnist.invalid/good/",))
    monkeypatch.setenv("ALL_PROXY", f"{kind}://127.0.0.1:{server.server_address[1]}")
    mnist.fetch(progress=False)
    assert_complete(mnist.cache_folder(), small)
    assert server.gets[0] == "mnist.invalid"  # the proxy looks the name up, not this machine


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_no_proxy_is_on_the_way_to_the_mirror_of_the_room(use, small, monkeypatch, variable):
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    use("good")
    mnist.fetch(progress=False)
    assert_complete(mnist.cache_folder(), small)


def test_a_mirror_without_end_is_left(use):
    use("endless")
    with pytest.raises(DataError, match=r"/endless/.* is too long"):
        mnist.fetch(progress=False)


def test_what_stands_in_the_way_is_told_and_nothing_is_kept(use, server):
    use("good")
    assert download.obstacle() == ""
    use("page")
    assert "/page/t10k-labels-idx1-ubyte.gz is a web page" in download.obstacle()
    assert not mnist.cache_folder().exists()


def test_silent_mirror_does_not_hold_up_the_good_one(waits, use, server):
    use("silent", "good")
    mnist.fetch(progress=False)
    assert server.spoke == []
    assert [came for _, came in waits] == [True]
