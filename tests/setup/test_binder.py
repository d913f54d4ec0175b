"""One-click launch: the recipe that repo2docker writes, and our two scripts run for real."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest

REPO = Path(__file__).parent.parent.parent
START_PAGE = "/lab/tree/notebooks/00_welcome.ipynb"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Binder is Linux; the scripts are bash")


@pytest.fixture
def clean(tmp_path):
    """The variables of a fresh Binder image whose network is shut, with our Python first."""
    nowhere = "http://127.0.0.1:9"
    variables = {
        "HOME": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "http_proxy": nowhere,
        "https_proxy": nowhere,
        "no_proxy": "",
        "WORKSHOP_MIRRORS": nowhere,
    }
    if "WORKSHOP_DATA" in os.environ:
        variables["WORKSHOP_DATA"] = os.environ["WORKSHOP_DATA"]
    return variables


@pytest.fixture(scope="module")
def recipe(tmp_path_factory):
    """The Dockerfile for a copy of the files that decide it."""
    if not shutil.which("jupyter-repo2docker", path=Path(sys.executable).parent):
        pytest.skip("jupyter-repo2docker is not installed: python3 start.py test installs it")
    folder = tmp_path_factory.mktemp("binder") / "course"
    shutil.copytree(REPO / "binder", folder / "binder")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(REPO / name, folder)
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr


def test_the_recipe_takes_our_python_and_scripts(recipe):
    assert "environment.py-3.12" in recipe.replace("-2e", ".").replace("-2d", "-")
    assert "RUN ./binder/postBuild" in recipe
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in recipe


def test_the_course_is_installed_by_post_build_alone(recipe):
    """A layer of its own, from which nothing could be taken away, would be 0.7 GB larger."""
    assert "pip install" not in recipe
    assert recipe.index("COPY --chown=0:0 src/ ") < recipe.index("RUN ./binder/postBuild")
    script = (REPO / "binder" / "postBuild").read_text(encoding="utf-8")
    assert script.index("\nbinder/install\n") < script.index("python")


def test_the_packages_keep_to_the_constraints():
    text = (REPO / "binder" / "packages.txt").read_text(encoding="utf-8")
    (constraints,) = re.findall(r"^-c (.+)$", text, re.M)
    assert (REPO / "binder" / constraints).samefile(REPO / "constraints.txt")
    (extras,) = re.findall(r"^-e \.\[(.+)\]$", text, re.M)
    offered = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"cpu", "lab", "binder"} <= {*extras.split(",")} <= {*offered["optional-dependencies"]}


def test_what_no_lesson_reads_is_left_out(tmp_path):
    """With a Python that notes what it is asked, and libraries of a few bytes."""
    packages, programs = tmp_path / "site packages", tmp_path / "programs"
    headers, library = packages / "tensorflow/include/a.h", packages / "clang/native/libclang.so"
    kept = [packages / name for name in ("tensorflow/libtensorflow_cc.so.2", "numpy/core.so")]
    kept += [packages / name / "small.so" for name in ("jaxlib", "llvmlite", "uvloop")]
    for file in (headers, library, *kept):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(5 << 20 if file in kept[:2] else 5))
    programs.mkdir()
    for name, line in {
        "python": f'[[ $1 == -m ]] && echo "$@" >> "{tmp_path}/asked" || echo "{packages}"',
        "strip": f'shift; printf "%s\\n" "$@" > "{tmp_path}/stripped"',
    }.items():
        (programs / name).write_text(f"#!/usr/bin/env bash\n{line}\n")
        (programs / name).chmod(0o755)
    path = {"PATH": f"{programs}:/usr/bin:/bin"}
    subprocess.run([REPO / "binder" / "install"], cwd=tmp_path, env=path, check=True)
    asked = (tmp_path / "asked").read_text()
    assert asked == f"-m pip install --no-cache-dir -r {REPO}/binder/packages.txt\n"
    assert not headers.exists()
    assert not library.exists()
    assert all(file.exists() for file in kept)
    assert (tmp_path / "stripped").read_text() == "tensorflow/libtensorflow_cc.so.2\n"


@pytest.mark.parametrize("name", ["install", "postBuild", "start"])
def test_the_scripts_can_be_executed(name):
    assert os.access(REPO / "binder" / name, os.X_OK)
    assert b"\r" not in (REPO / "binder" / name).read_bytes()


def test_post_build_ends_well_without_network(clean, tmp_path):
    """In this environment, which has the course: `install` is not called."""
    folder = tmp_path / "binder"
    folder.mkdir()
    shutil.copy(REPO / "binder" / "postBuild", folder)
    (folder / "install").write_text("#!/bin/sh\n")
    (folder / "install").chmod(0o755)
    done = subprocess.run(
        ["binder/postBuild"], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if "WORKSHOP_DATA" in clean:
        assert "The full MNIST is here, verified" in done.stdout
    else:
        assert "this image has the sample of MNIST only" in done.stderr
    assert "TensorFlow" in done.stdout


def test_start_limits_threads_to_the_cores_of_the_image(clean):
    for limit, threads in {"": "1", "1.0": "1", "2.0": "2", "0.5": "1", "many": "1"}.items():
        command = ["binder/start", "bash", "-c", "echo $TF_NUM_INTRAOP_THREADS $OMP_NUM_THREADS"]
        environment = {**clean, "CPU_LIMIT": limit}
        assert subprocess.check_output(command, cwd=REPO, env=environment, text=True).split() == [
            threads,
            threads,
        ]


def test_start_passes_on_the_exit_status(clean):
    command = ["binder/start", "bash", "-c", "exit 3"]
    assert subprocess.run(command, cwd=REPO, env=clean, check=False).returncode == 3


@pytest.mark.parametrize("server", ["jupyterlab", "jupyter_server"])
def test_the_server_opens_the_start_page(clean, server):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token="]
    process = subprocess.Popen(
        ["binder/start", sys.executable, "-m", server, *options],
        cwd=REPO,
        env=clean,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        base = f"http://127.0.0.1:{port}"
        answer = first_answer(base + "/", process)
        assert answer.status == 200
        assert answer.url.endswith(START_PAGE)
        assert b"JupyterLab" in answer.read()
        lesson = START_PAGE.removeprefix("/lab/tree")
        assert first_answer(f"{base}/api/contents{lesson}?content=0", process).status == 200
    finally:
        process.terminate()
        process.wait(timeout=20)


def first_answer(url, process, *, patience_s=60):
    """Ask until the server answers; no proxy in between."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + patience_s
    while True:
        try:
            return opener.open(url, timeout=10)
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > end or process.poll() is not None:
                raise
            time.sleep(0.2)
