"""What the process that forks kernels does with what is no request."""

import json
import os
import signal
import socket
import sys
import threading

import pytest
from processes import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux stands the fork")


@pytest.fixture
def served(tmp_path, monkeypatch):
    """Serve in a thread, with forks that only note who asked; give the address and the notes."""
    from workshop.hub import forkserver

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # a thread may not, and it is not ours
    monkeypatch.setattr(forkserver, "PATIENCE", 0.3)
    asked, real = [], forkserver._close

    def noted(request):
        real(request)
        if request[0]:
            asked.append(request[0])
        if request[0] == {"end": True}:
            raise KeyboardInterrupt

    monkeypatch.setattr(forkserver, "_close", noted)
    monkeypatch.setattr(os, "fork", lambda: 1)
    address = tmp_path / "kernels"
    thread = threading.Thread(target=forkserver.serve, args=(address,), daemon=True)
    thread.start()
    while not address.exists():
        thread.join(0.01)
    yield address, asked
    send(address, b'{"end": true}\n')
    thread.join(10)
    assert not thread.is_alive()
    assert not address.exists()


def send(address, text, *, close=False):
    """Send something; give what comes back before the connection ends."""
    with socket.socket(socket.AF_UNIX) as one:
        one.settimeout(10)
        while True:
            try:
                one.connect(os.path.relpath(address))
                break
            except ConnectionRefusedError:  # bound, and not yet listening
                continue
        one.sendall(text)
        if close:
            one.shutdown(socket.SHUT_WR)
        return one.recv(10)


def test_only_its_user_reaches_it(served):
    address, _ = served
    assert send(address, b"\n") == b""
    assert address.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", [b"\n", b"no json\n", b'{"half": ', b"\xff\xff\n"])
def test_what_is_no_request_is_closed_and_the_next_is_served(served, text):
    address, asked = served
    assert send(address, text, close=not text.endswith(b"\n")) == b""
    assert asked == []
    long = {"environment": {"LONG": "x" * 300_000}}
    assert send(address, json.dumps(long).encode() + b"\n") == b""
    until(lambda: asked == [long], "it was not served")


def test_who_sends_nothing_does_not_stop_the_others(served):
    address, asked = served
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(os.path.relpath(address))
        send(address, b'{"folder": "here"}\n')
        until(lambda: asked == [{"folder": "here"}], "it was not served")
