"""One-click launch: the recipe that repo2docker writes, and our two scripts run for real."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
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


def test_the_recipe_takes_our_python_requirements_and_scripts(recipe):
    assert "environment.py-3.12" in recipe.replace("-2e", ".").replace("-2d", "-")
    assert 'pip install --no-cache-dir -r "binder/requirements.txt"' in recipe
    assert "RUN ./binder/postBuild" in recipe
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in recipe


def test_the_requirements_come_after_the_course_and_keep_to_its_constraints(recipe):
    assert recipe.index("COPY --chown=0:0 src/ ") < recipe.index("pip install --no-cache-dir")
    text = (REPO / "binder" / "requirements.txt").read_text(encoding="utf-8")
    (constraints,) = re.findall(r"^-c (.+)$", text, re.M)
    assert (REPO / "binder" / constraints).samefile(REPO / "constraints.txt")


@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_the_scripts_can_be_executed(name):
    assert os.access(REPO / "binder" / name, os.X_OK)
    assert b"\r" not in (REPO / "binder" / name).read_bytes()


def test_post_build_ends_well_without_network(clean):
    done = subprocess.run(
        ["binder/postBuild"], cwd=REPO, env=clean, capture_output=True, text=True, check=False
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
