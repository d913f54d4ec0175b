"""The server as a process: started, loaded, switched, stopped, killed."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil
import pytest
from processes import is_alive, until

from workshop.serving import ServingError, serve, server

TIMEOUT = 20


def post(url, body, timeout=TIMEOUT):
    """Give status and answer of a request, past all proxies."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        with urlopen(Request(f"{url}:predict", data), timeout=timeout) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def slow(module):
    """A signature that computes for about as many tenths of a second as a row says."""
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec((None, 2), tf.float32, name="pixels")])
    def slow(pixels):
        big = tf.ones((500, 500))
        for _ in tf.range(tf.cast(50 * pixels[0, 0], tf.int32)):
            big = big @ big / 500
        return {"sums": pixels + 0 * big[0, 0]}

    module.slow = slow
    return slow


@pytest.fixture(scope="module")
def models(tmp_path_factory, saved):
    """Give a folder with version 1 of a model."""
    folder = tmp_path_factory.mktemp("models") / "digits"
    shutil.copytree(saved(1, slow=slow), folder / "1")
    return folder


@pytest.fixture(scope="module")
def running(models):
    """Start one server for the tests that leave it alive."""
    with serve(models) as running:
        yield running


def test_it_answers_under_the_name_of_its_folder(running):
    assert running.url.endswith("/v1/models/digits")
    assert post(running.url, {"instances": [[1, 2]]}) == (200, {"predictions": [[2, 3]]})
    assert "running" in repr(running)
    assert "Serving at" in running.last_lines()


def test_it_is_reached_from_this_machine_only(running):
    listening = [
        c.laddr for c in psutil.Process(running.pid).net_connections() if c.status == "LISTEN"
    ]
    assert {place.ip for place in listening} == {"127.0.0.1"}


def test_wrong_requests_are_answered_and_survived(running):
    host = running.url.split("/")[2]
    for body in (b"", b"{", b"\xff" * 100, b"[" * 10_000, {"instances": []}, {"instances": "x"}):
        assert post(running.url, body)[0] == 400
    assert post(running.url, b'{"instances": [[' + b"1," * 4_100_000 + b"1]]}")[0] == 413
    for raw in (b"\r\n\r\n", b"GARBAGE\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"\x16\x03\x01" * 50):
        with socket.create_connection(host.split(":"), TIMEOUT) as line:
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
            line.recv(1000)
    with socket.create_connection(host.split(":"), TIMEOUT) as line:  # and hangs up
        line.sendall(b"POST /v1/models/digits:predict HTTP/1.1\r\nContent-Length: 50\r\n\r\n{")
    assert post(running.url, {"instances": [[1, 2]]})[0] == 200


def test_a_port_that_is_taken_is_named(running, models):
    port = int(running.url.split(":")[2].split("/")[0])
    with pytest.raises(ServingError, match=f"Port {port} can't be used.*another port; 0 finds"):
        serve(models, port=port)
    told = subprocess.run(
        [sys.executable, "-m", "workshop.serving", str(models), "--port", str(port)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert f"Port {port} can't be used" in told.stderr
    assert "Traceback" not in told.stderr


def test_what_is_in_flight_is_answered_before_it_stops(models):
    stopping = serve(models, batching=False)
    answers = []

    def ask(tenths):
        body = {"signature_name": "slow", "instances": [[tenths, 0]]}
        answers.append(post(stopping.url, body)[0])

    asking = [threading.Thread(target=ask, args=[tenths]) for tenths in (2, 2, 2)]
    for one in asking:
        one.start()
    until(lambda: _requests(stopping) == 3, "the requests never came")
    stopping.stop()
    for one in asking:
        one.join()
    assert answers == [200, 200, 200]
    assert stopping.returncode == 0
    assert "stopped" in repr(stopping)
    with pytest.raises(OSError, match=r"refused|reset"):
        post(stopping.url, {"instances": [[1, 2]]})


def _requests(running):
    connections = psutil.Process(running.pid).net_connections()
    return sum(one.status == "ESTABLISHED" for one in connections)


def test_one_that_is_killed_says_so_and_its_client_sees_it(models):
    killed = serve(models)
    body = {"signature_name": "slow", "instances": [[100, 0]]}
    failed = []

    def ask():
        try:
            post(killed.url, body)
        except (OSError, http.client.HTTPException) as error:
            failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    until(lambda: _requests(killed) == 1, "the request never came")
    killed.kill()
    asking.join(TIMEOUT)
    assert len(failed) == 1
    assert killed.returncode == (-9 if sys.platform != "win32" else killed.returncode)
    assert f"ended with {killed.returncode}" in repr(killed)
    killed.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_it_ends_with_the_process_that_started_it(models):
    code = "import sys, time\nfrom workshop.serving import serve\n"
    code += "print(serve(sys.argv[1]).pid, flush=True)\ntime.sleep(99)"
    parent = subprocess.Popen(
        [sys.executable, "-c", code, models], stdout=subprocess.PIPE, text=True
    )
    process = psutil.Process(int(parent.stdout.readline()))
    assert is_alive(process)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until(lambda: not is_alive(process), "the server outlived the process that started it")


def copied_slowly(source, target):
    """Copy a version in place, in pieces, as over a slow line."""
    for path in sorted(source.rglob("*"), reverse=True):
        place = target / path.relative_to(source)
        if path.is_dir():
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        whole = path.read_bytes()
        with place.open("wb") as file:
            for start in range(0, len(whole), 1 + len(whole) // 3):
                file.write(whole[start : start + 1 + len(whole) // 3])
                file.flush()
                time.sleep(0.05)


def test_versions_switch_under_load_and_no_request_is_lost(tmp_path, saved):
    """Each answer is that of a whole version, old or new; copied aside or in place."""
    folder = tmp_path / "digits"
    shutil.copytree(saved(1), folder / "1")
    seen, over = [], threading.Event()
    with serve(folder) as switching:

        def ask():
            while not over.is_set():
                seen.append(post(switching.url, {"instances": [[0, 0]]}))

        asking = [threading.Thread(target=ask) for _ in range(4)]
        for one in asking:
            one.start()
        try:
            for number in (2, 3, 4):
                if number == 3:
                    copied_slowly(saved(3), folder / "3")
                else:
                    shutil.copytree(saved(number), folder / "new.tmp")
                    (folder / "new.tmp").rename(folder / str(number))
                until(lambda n=number: (200, {"predictions": [[n, n]]}) in seen[-8:], "no switch")
        finally:
            over.set()
            for one in asking:
                one.join()
    answers = [(status, answer["predictions"][0]) for status, answer in seen]
    assert set(map(str, answers)) == {str((200, [n, n])) for n in (1.0, 2.0, 3.0, 4.0)}


def test_a_folder_that_can_not_be_served_is_named(tmp_path, saved):
    with pytest.raises(FileNotFoundError, match=r"There is no folder .*nowhere"):
        serve(tmp_path / "nowhere")
    with pytest.raises(ServingError, match="is one version; name the folder that holds it"):
        serve(saved(1))
    with pytest.raises(ServingError, match="'a/b' can't stand in a URL"):
        serve(tmp_path, name="a/b")
    with pytest.raises(ServingError, match="99999"):
        serve(tmp_path, port=99999)


def test_without_the_extra_the_line_that_brings_it_is_said(models, monkeypatch):
    monkeypatch.setattr(server, "find_spec", lambda name: None if name == "uvicorn" else name)
    with pytest.raises(ServingError, match=r"needs uvicorn.*python3 start.py --with serving"):
        serve(models)


def test_a_value_that_it_does_not_take_is_named(models):
    with pytest.raises(ServingError, match="--max-batch-size"):
        serve(models, max_batch_size=0)


def test_it_serves_a_folder_that_is_still_empty_and_needs_no_network(tmp_path, saved, monkeypatch):
    """A proxy that nobody listens at is not asked."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    (tmp_path / "empty").mkdir()
    with serve(tmp_path / "empty", name="digits", batching=False, wait_ms=1) as waiting:
        assert post(waiting.url, {"instances": [[1, 2]]})[0] == 404
        shutil.copytree(saved(1), tmp_path / "empty" / "1")
        waiting.wait_for("Version 1: AVAILABLE", TIMEOUT)
        assert post(waiting.url, {"instances": [[1, 2]]})[0] == 200


def test_what_it_prints_lies_beside_no_file_of_the_learner(models, running):
    assert sorted(path.name for path in models.iterdir()) == ["1"]
    assert not list(Path(server.__file__).parent.glob("*.log"))
