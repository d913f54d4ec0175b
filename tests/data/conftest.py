"""A home without data, and a small data set in the place of MNIST."""

import os
import shutil
import socket
import ssl
import subprocess
import threading

import pytest
from small_mnist import put_in_place

from workshop.data import load_mnist, mirrors


@pytest.fixture(autouse=True)
def plain_network(monkeypatch):
    """Neither proxies nor certificates of the machine that runs the tests."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in mirrors.BUNDLES:
            monkeypatch.delenv(name)


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("WORKSHOP_DATA", "WORKSHOP_MIRRORS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WORKSHOP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(mirrors, "MIRRORS", ("http://127.0.0.1:9/",))  # nobody answers there
    return tmp_path


@pytest.fixture
def serve():
    """Give a function that serves some bytes, whatever is asked, and says on which port."""
    listeners, ended = [], threading.Event()

    def answer(connection, reply, context):
        try:
            if context:
                connection = context.wrap_socket(connection, server_side=True)
            asked = connection.recv(4096)
            if reply is None:
                ended.wait(60)  # a server that says nothing
            connection.sendall(reply(asked) if callable(reply) else reply or b"")
        except OSError:
            pass  # the client has had enough
        finally:
            connection.close()

    def wait(listener, reply, context):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            given = (connection, reply, context)
            threading.Thread(target=answer, args=given, daemon=True).start()

    def serve(reply, *, context=None):
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=wait, args=(listener, reply, context), daemon=True).start()
        return listener.getsockname()[1]

    yield serve
    ended.set()
    for listener in listeners:
        # without it the thread that waits in accept() would never wake up
        socket.create_connection(listener.getsockname()).close()
        listener.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for this machine that nobody has signed, and its key."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("there is no openssl here to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    options = "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext"
    names = ["subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "key.pem", "-out", "own.pem"]
    command = [openssl, *options.split(), *names]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "own.pem", folder / "key.pem"


@pytest.fixture
def encrypted(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def small(monkeypatch):
    """A data set in the place of MNIST, small enough to write and break in every test."""
    (x_train, y_train), (x_test, y_test) = load_mnist("sample")
    arrays = {
        "x_train": x_train[:60],
        "y_train": y_train[:60],
        "x_test": x_test[:10],
        "y_test": y_test[:10],
    }
    return put_in_place(monkeypatch, arrays)
