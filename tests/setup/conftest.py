"""A course that is small, so that start.py can install it for real, and an index in the room."""

import http.server
import os
import shutil
import threading
import urllib.parse
from pathlib import Path

import pytest

REPO = Path(__file__).parent.parent.parent
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny-course"
version = "1"
requires-python = ">=3.11,<3.14"
dependencies = []

[project.optional-dependencies]
cpu = ["small>=1"]
lab = []
mobile = []
recognition = ["weights>=1"]
serving = []
test = []
"""
BACKEND = """
import sys; sys.path.insert(0, {here!r})
from wheels import wheel
def build_editable(folder, *_):
    return wheel(folder, "tiny_course", extra="cpu", needs="small>=1").name
build_wheel = build_editable
"""
WHEELS = '''
import zipfile
from pathlib import Path

def wheel(folder, name, *, extra="", needs="", size=0):
    """Write the smallest wheel that pip takes."""
    about = f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1\\n"
    if extra:
        about += f"Provides-Extra: {extra}\\nRequires-Dist: {needs}; extra == '{extra}'\\n"
        about += "Provides-Extra: lab\\n"
    kind = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    path = Path(folder) / f"{name}-1-py3-none-any.whl"
    info = f"{name}-1.dist-info"
    files = {f"{info}/METADATA": about, f"{info}/WHEEL": kind}
    files[f"{name}.py"] = "x = 1\\n" + "#" * size
    with zipfile.ZipFile(path, "w") as packed:
        for file, text in files.items():
            packed.writestr(file, text)
        packed.writestr(f"{info}/RECORD", "".join(f"{file},,\\n" for file in files))
    return path
'''


def starter(folder):
    """Copy what start.py needs into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("start.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(REPO / name, folder)
    (folder / "workshop").mkdir()
    for name in ("__init__.py", "messages.py"):
        shutil.copy(REPO / "workshop" / name, folder / "workshop")
    shutil.copytree(REPO / "workshop" / "setup", folder / "workshop" / "setup")
    return folder


@pytest.fixture
def course(tmp_path):
    """A course folder with a space in its name: start.py and what it needs."""
    return starter(tmp_path / "my course")


@pytest.fixture
def tiny_course(tmp_path):
    """start.py with a course of one dependency, in a folder with an odd name."""
    folder = starter(tmp_path / "my köurse 50% #1 [x]")
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "constraints.txt").write_text("small==1\n", encoding="utf-8")
    (folder / "wheels.py").write_text(WHEELS, encoding="utf-8")
    text = BACKEND.format(here=str(folder))
    (folder / "backend.py").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def write_wheel():
    """Give the function that writes the wheel of the one dependency, as the backend has it."""
    namespace = {}
    exec(WHEELS, namespace)

    def write(folder, *, size=0):
        folder.mkdir(exist_ok=True)
        return namespace["wheel"](folder, "small", size=size)

    return write


@pytest.fixture
def outside(tmp_path):
    """The variables of a learner whose network leads nowhere."""
    nowhere = "http://127.0.0.1:9"
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {
        **kept,
        "HOME": str(tmp_path),
        "USERPROFILE": str(tmp_path),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_RETRIES": "0",
        "http_proxy": nowhere,
        "https_proxy": nowhere,
    }


class Index(http.server.BaseHTTPRequestHandler):
    """A package index that breaks off in the middle of a wheel, as often as `breaks` says."""

    protocol_version = "HTTP/1.1"
    wheels = Path()
    breaks = 0
    asked = ()

    def do_GET(self):
        path = Path(urllib.parse.unquote(self.path))
        Index.asked = (*Index.asked, self.path)
        if path.name == "small":
            names = [file.name for file in self.wheels.glob("*.whl")]
            self.answer("".join(f'<a href="/files/{n}">{n}</a>' for n in names).encode())
        elif path.suffix == ".whl":
            self.answer((self.wheels / path.name).read_bytes())
        else:
            self.answer(b"", status=404)

    def answer(self, body, status=200):
        begin = 0
        if asked := self.headers.get("Range"):
            begin, status = int(asked.removeprefix("bytes=").partition("-")[0]), 206
        self.send_response(status)
        kind = "application/octet-stream" if "/files/" in self.path else "text/html"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) - begin))
        self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        self.send_header("ETag", '"the same"')
        self.end_headers()
        if "/files/" in self.path and Index.breaks:
            Index.breaks -= 1
            self.wfile.write(body[begin : len(body) // 2])
            self.close_connection = True
        else:
            self.wfile.write(body[begin:])

    def log_message(self, *_):
        pass


@pytest.fixture
def the_index():
    """What that index is to do, and what it was asked."""
    return Index


@pytest.fixture
def index(tmp_path, write_wheel):
    """The address of that index, with the wheel of 2 MB."""
    Index.wheels, Index.breaks, Index.asked = tmp_path / "index", 0, ()
    write_wheel(Index.wheels, size=2_000_000)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple/"
    server.shutdown()
    server.server_close()
