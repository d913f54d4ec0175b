"""start.py: who has the wrong Python is told so; an installation is made once, and finished."""

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from workshop.doctor import packages

REPO = Path(__file__).parent.parent.parent
NO_NETWORK = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}


def load(path=REPO / "start.py"):
    spec = importlib.util.spec_from_file_location("start", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def start(monkeypatch):
    module = load()
    monkeypatch.setattr(module.platform, "system", lambda: "Linux")
    monkeypatch.setattr(module.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(module.sysconfig, "get_platform", lambda: "")
    monkeypatch.setattr(module, "output", lambda command: None)
    return module


@pytest.fixture
def prepared(course, monkeypatch):
    """start.py of that folder with pip and venv played: `calls` has what it ran."""
    monkeypatch.chdir(course)  # main changes both
    monkeypatch.setattr(sys, "path", [*sys.path])
    module = load(course / "start.py")
    module.calls, module.variables, module.pip_status = [], {}, 0

    def run(command, **variables):
        module.calls.append(command)
        module.variables = variables
        if "venv" in command:
            Path(command[-1]).mkdir(exist_ok=True)
            module.broken = False
        return module.pip_status if "pip" in command else 0

    module.broken = True
    monkeypatch.setattr(module, "run", run)
    monkeypatch.setattr(
        module,
        "output",
        lambda command: None if module.broken and "import pip;" in command[-1] else FITS,
    )
    return module


FITS = "3.12 True"
MINORS = [11, 12, 13]


@pytest.mark.parametrize("version", [(3, 6), (3, MINORS[0] - 1), (3, MINORS[-1] + 1)])
def test_a_wrong_python_is_told_in_words(start, monkeypatch, version):
    monkeypatch.setattr(start.sys, "version_info", (*version, 0, "final", 0))
    words = start.misfit()
    assert "{}.{}".format(*version) in words
    assert "3.11, 3.12 or 3.13" in words
    assert "uv run start.py" in words


def test_a_fitting_python_of_this_machine_is_named(start, monkeypatch):
    monkeypatch.setattr(start.sys, "version_info", (3, 14, 0, "final", 0))
    there = {"python3.11": "3.11 True", "python3.13": "3.13 False"}
    monkeypatch.setattr(start, "output", lambda command: there.get(command[0]))
    assert "python3.11 start.py" in start.misfit()


@pytest.mark.parametrize(
    ("system", "machine", "advice"),
    [("Darwin", "x86_64", "Intel Mac"), ("Windows", "ARM64", "Binder"), ("Linux", "ppc", "Binder")],
)
def test_a_machine_without_tensorflow_is_told_in_words(start, monkeypatch, system, machine, advice):
    monkeypatch.setattr(start.platform, "system", lambda: system)
    monkeypatch.setattr(start.platform, "machine", lambda: machine)
    words = start.misfit()
    assert machine in words
    assert advice in words


def test_a_32_bit_python_is_told_in_words(start, monkeypatch):
    monkeypatch.setattr(start.sys, "maxsize", 2**31 - 1)
    assert "32-bit" in start.misfit()


@pytest.mark.parametrize("minor", MINORS)
def test_a_right_python_is_taken(start, monkeypatch, minor):
    monkeypatch.setattr(start.sys, "version_info", (3, minor, 0, "final", 0))
    assert start.misfit() is None


@pytest.mark.parametrize(
    ("arguments", "extras"),
    [(["lab"], []), (["book", "00"], ["book"]), (["--with", "ray", "lab"], ["ray"])],
)
def test_a_command_brings_the_packages_that_it_needs(start, monkeypatch, arguments, extras):
    asked = []

    def prepare(build, names):
        asked.extend(names)
        sys.exit("enough")

    monkeypatch.setattr(start, "prepare", prepare)
    with pytest.raises(SystemExit, match="enough"):
        start.main(arguments)
    assert asked == extras


def test_the_range_of_pythons_is_the_same_everywhere():
    text = {
        name: (REPO / name).read_text(encoding="utf-8")
        for name in ("pyproject.toml", "start.py", "README.md", "constraints.txt")
    }
    needed = tomllib.loads(text["pyproject.toml"])["project"]["requires-python"]
    assert needed == f">=3.{MINORS[0]},<3.{MINORS[-1] + 1}"
    start = load()
    assert sorted(start.MINORS) == MINORS
    assert re.search(r'^# requires-python = "(.+)"$', text["start.py"], re.M)[1] == needed
    assert f"You need Python {start.pythons()} (64-bit)" in text["README.md"]
    assert f"no build for Python 3.{MINORS[-1] + 1} and" in text["README.md"]
    assert f"--python-version 3.{MINORS[0]} " in text["constraints.txt"]
    workflows = REPO / ".github" / "workflows"
    matrix = yaml.safe_load((workflows / "tests.yml").read_text())["jobs"]["tests"]["strategy"]
    tested = matrix["matrix"]["python"]
    assert [tested[0], tested[-1]] == [f"3.{MINORS[0]}", f"3.{MINORS[-1]}"]


def test_there_are_no_pins_for_pythons_that_we_dont_take():
    below = re.compile(rf"python_full_version < '3\.{MINORS[0]}'")
    assert not below.search((REPO / "constraints.txt").read_text())


def test_constraints_name_no_place_to_install_from():
    text = (REPO / "constraints.txt").read_text()
    assert "://" not in text
    assert not re.search(r"^--?\w", text, re.M)


def test_the_settings_of_jupyter_are_in_this_environment():
    config = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))
    shared = config["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert len(shared) == 2
    for source, target in shared.items():
        here = Path(sys.prefix) / target
        assert here.exists(), "install the course anew: python3 start.py"
        assert json.loads(here.read_text()) == json.loads((REPO / source).read_text())


def test_ruff_is_the_same_before_a_commit_and_in_the_constraints():
    hooks = re.findall(r"\[(ruff==[\d.]+)\]", (REPO / ".pre-commit-config.yaml").read_text())
    assert len(hooks) == 2
    assert set(hooks) <= set((REPO / "constraints.txt").read_text().splitlines())


@pytest.mark.skipif(os.name == "nt", reason="bash")
def test_ci_runs_the_command_of_the_readme():
    assert os.access(REPO / ".ci" / "run", os.X_OK)
    subprocess.run(["bash", "-n", REPO / ".ci" / "run"], check=True)
    for name in (".ci/run", ".github/workflows/tests.yml", "README.md"):
        assert "python3 start.py test" in (REPO / name).read_text(encoding="utf-8")


def other_pythons():
    """Pythons of this machine that the course doesn't take."""
    others = [f"3.{minor}" for minor in range(6, 20) if minor not in MINORS]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [shutil.which(f"python{version}") for version in others]
    found += [str(path) for one in others for path in pyenv.glob(f"{one}.*/bin/python")]
    return [path for path in found if path]


def test_other_pythons_of_this_machine_can_read_it():
    asked = 0
    for python in other_pythons():
        works = subprocess.run([python, "-c", "pass"], capture_output=True, check=False)
        if works.returncode:  # a shim of pyenv that leads nowhere
            continue
        done = subprocess.run(
            [python, str(REPO / "start.py")], capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert f"TensorFlow needs Python 3.{MINORS[0]}" in done.stderr
        assert "Traceback" not in done.stderr
        asked += 1
    if not asked:
        pytest.skip("no Python on this machine that the course doesn't take")


def test_it_has_only_what_old_pythons_can_read():
    text = (REPO / "start.py").read_text(encoding="ascii")  # some consoles show no more than that
    ast.parse(text, feature_version=(3, 7))  # the oldest that ast knows; 3.6 reads the same
    assert "capture_output" not in text  # subprocess.run has it since 3.7


def test_the_second_start_needs_no_pip(prepared):
    first = prepared.prepare("cpu", [])
    assert ["venv" in command for command in prepared.calls] == [True, False]
    assert prepared.calls[1][-1].endswith("my course[cpu,lab]")
    prepared.calls.clear()
    assert prepared.prepare("cpu", []) == first
    assert prepared.calls == []


def test_the_tests_add_to_what_is_installed(prepared):
    prepared.prepare("cpu", [])
    prepared.calls.clear()
    prepared.prepare("cpu", ["test"])
    assert prepared.calls[0][-1].endswith("[cpu,lab,test]")
    prepared.calls.clear()
    prepared.prepare("cpu", [])
    assert prepared.calls == []


def test_new_constraints_are_installed(prepared, course):
    prepared.prepare("cpu", ["test"])
    prepared.calls.clear()
    with (course / "constraints.txt").open("a") as file:
        file.write("# newer\n")
    prepared.prepare("cpu", [])
    assert prepared.calls[0][-1].endswith("[cpu,lab,test]")


def test_a_failed_installation_is_finished_by_the_next_start(prepared):
    prepared.pip_status = 1
    with pytest.raises(SystemExit, match="not installed"):
        prepared.prepare("cpu", [])
    prepared.pip_status = 0
    prepared.calls.clear()
    prepared.prepare("cpu", [])
    assert ["pip" in command for command in prepared.calls] == [True]


def test_an_environment_made_by_hand_is_kept_and_completed(prepared, course):
    (course / ".venv").mkdir()
    prepared.broken = False
    prepared.prepare("cpu", [])
    assert ["pip" in command for command in prepared.calls] == [True]


def test_a_broken_or_moved_environment_is_made_anew(prepared, course):
    prepared.prepare("cpu", [])
    prepared.broken = True
    prepared.calls.clear()
    prepared.prepare("cpu", [])
    assert "--clear" in prepared.calls[0]
    stamp = course / ".venv" / "course-stamp.txt"
    stamp.write_text(stamp.read_text(encoding="utf-8").replace("my course", "elsewhere"))
    prepared.calls.clear()
    prepared.prepare("cpu", [])
    assert "--clear" in prepared.calls[0]


def test_cuda_has_an_environment_of_its_own(prepared, monkeypatch):
    monkeypatch.setattr(prepared.platform, "system", lambda: "Linux")
    monkeypatch.setattr(prepared, "misfit", lambda: None)
    assert prepared.main(["--cuda"]) == 0
    assert ".venv-cuda" in prepared.calls[0][-1]
    assert prepared.calls[1][-1].endswith("[cuda,lab]")
    assert prepared.calls[2][-2:] == ["workshop", "lab"]
    assert prepared.variables["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"
    monkeypatch.setenv("NVIDIA_TF32_OVERRIDE", "1")
    prepared.main(["--cuda"])
    assert prepared.variables["NVIDIA_TF32_OVERRIDE"] == "1"
    monkeypatch.setattr(prepared.platform, "system", lambda: "Darwin")
    with pytest.raises(SystemExit, match="Linux only"):
        prepared.main(["--cuda"])


def test_the_newest_versions_have_an_environment_of_their_own(prepared, monkeypatch):
    monkeypatch.setattr(prepared, "misfit", lambda: None)
    for first in (True, False):
        prepared.calls.clear()
        assert prepared.main(["--newest", "test", "-k", "data"]) == 0
        *made, install, command = prepared.calls
        assert len(made) == first
        assert ".venv-newest" in command[0]
        assert {"--upgrade", "eager"} < set(install)
        assert "-c" not in install
        assert install[-1].endswith("[cpu,lab,test]")
        assert command[1:] == ["-m", "pytest", "-k", "data"]


def test_one_environment_at_a_time(prepared, monkeypatch):
    monkeypatch.setattr(prepared, "misfit", lambda: None)
    monkeypatch.setattr(prepared.platform, "system", lambda: "Linux")
    with pytest.raises(SystemExit, match="Take one"):
        prepared.main(["--newest", "--cuda", "test"])


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], ["workshop", "lab"]),
        (["--no-browser"], ["workshop", "lab", "--no-browser"]),
        (["doctor", "--help"], ["workshop", "doctor", "--help"]),
        (["test", "-k", "data"], ["pytest", "-k", "data"]),
    ],
)
def test_commands_are_passed_on(prepared, monkeypatch, course, arguments, command):
    monkeypatch.setattr(prepared, "misfit", lambda: None)
    monkeypatch.chdir(course)
    assert prepared.main(arguments) == 0
    assert prepared.calls[-1][1:] == ["-m", *command]
    assert prepared.variables.keys() == {"PATH"}


@pytest.mark.parametrize("words", [["--with", "recognition"], ["--with=recognition"]])
def test_what_some_lessons_need_beside_is_installed_and_stays(prepared, monkeypatch, words):
    monkeypatch.setattr(prepared, "misfit", lambda: None)
    assert prepared.main([*words, "doctor"]) == 0
    assert prepared.calls[-1][1:] == ["-m", "workshop", "doctor"]
    stamp = prepared.FOLDER / ".venv" / "course-stamp.txt"
    assert stamp.read_text().splitlines()[2:] == ["cpu", "lab", "recognition"]
    prepared.main(["test"])
    assert stamp.read_text().splitlines()[2:] == ["cpu", "lab", "recognition", "test"]


@pytest.mark.parametrize("words", [["--with", "everything"], ["--with"], ["--with="]])
def test_what_is_not_offered_is_told(prepared, monkeypatch, words):
    monkeypatch.setattr(prepared, "misfit", lambda: None)
    names = "elsewhere, mobile, ray, recognition, search, serving"
    with pytest.raises(SystemExit, match=f"expected one of {names}, got"):
        prepared.main(words)


def test_all_that_is_offered_stands_in_pyproject():
    extras = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]
    for name in load().EXTRAS:
        assert name in extras["optional-dependencies"]
    assert sorted(load().EXTRAS) == sorted(packages.EXTRAS)  # what doctor looks for


def test_mnist_of_a_stick_is_what_the_lessons_find(prepared, monkeypatch, course, tmp_path):
    monkeypatch.setattr(prepared, "misfit", lambda: None)
    monkeypatch.delenv("WORKSHOP_DATA", raising=False)
    (course / "mnist").mkdir()
    (course / "mnist" / "my own work.txt").touch()  # a folder of that name with something else
    prepared.main([])
    assert "WORKSHOP_DATA" not in prepared.variables
    (course / "mnist" / "train-images-idx3-ubyte.gz").touch()
    prepared.main([])
    assert prepared.variables["WORKSHOP_DATA"] == str(course / "mnist")
    monkeypatch.setenv("WORKSHOP_DATA", str(tmp_path))
    prepared.main([])
    assert "WORKSHOP_DATA" not in prepared.variables  # theirs is handed on


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="root gives away")
def test_wheels_of_another_user_are_not_taken(prepared, course):
    wheels = course.parent / "wheels"
    wheels.mkdir()
    (wheels / "a-1-py3-none-any.whl").touch()
    assert prepared.beside("wheels", "*.whl") == wheels
    os.chown(wheels, 1234, 1234)
    assert prepared.beside("wheels", "*.whl") is None


def test_the_newest_versions_come_from_no_stick(prepared, monkeypatch, course):
    monkeypatch.setattr(prepared, "misfit", lambda: None)
    (course / "wheels").mkdir()
    (course / "wheels" / "a-1-py3-none-any.whl").touch()
    prepared.main(["--newest"])
    assert "--no-index" not in prepared.calls[1]
    prepared.broken = True
    prepared.main([])
    assert "--no-index" in prepared.calls[-2]


@pytest.mark.skipif(os.name == "nt", reason="the name is one of POSIX")
def test_a_folder_that_can_hold_no_environment_is_told_before_anything_is_made(course):
    bad = course.rename(course.with_name("my:course"))
    done = subprocess.run(
        [sys.executable, "-I", str(bad / "start.py"), "doctor"],  # -I leaves start.py's folder out
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "rename it" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (bad / ".venv").exists()


def test_a_console_that_cannot_show_a_name_is_no_error(course):
    odd = course.rename(course.with_name("курс:"))
    done = subprocess.run(
        [sys.executable, str(odd / "start.py")],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_a_window_of_a_double_click_waits_to_be_read(start, monkeypatch):
    import ctypes
    from types import SimpleNamespace

    programs = SimpleNamespace(GetConsoleProcessList=lambda *_: count)
    monkeypatch.setattr(
        ctypes, "windll", SimpleNamespace(kernel32=programs), raising=os.name == "nt"
    )
    monkeypatch.setattr(start.sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(start.os, "name", "nt")
    count = 2  # Python and the launcher py.exe
    assert start.window_is_ours()
    count = 3  # and the shell in which somebody typed the command
    assert not start.window_is_ours()
    monkeypatch.setattr(start.sys, "stdin", SimpleNamespace(isatty=lambda: False))
    count = 1
    assert not start.window_is_ours()


def test_a_missing_module_venv_is_told_in_words(start):
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        start.make_environment("somewhere")


def test_a_real_environment_without_network_ends_in_words(course):
    done = subprocess.run(
        [sys.executable, "start.py", "progress"],
        cwd=course,
        env={**os.environ, **NO_NETWORK},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "The course is not installed" in done.stderr
    assert "network" in done.stderr
    assert (course / ".venv" / "course-stamp.txt").exists()


def test_the_exit_status_and_the_environment_are_the_commands_own(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    module = load()
    code = "import os, sys; sys.exit(5 if 'PYTHONDONTWRITEBYTECODE' in os.environ else 3)"
    before = module.signal.getsignal(module.signal.SIGTERM)
    try:
        assert module.run([sys.executable, "-c", code]) == 3
    finally:
        module.signal.signal(module.signal.SIGTERM, before)


def test_files_of_the_learner_are_not_taken_for_libraries(tmp_path, monkeypatch):
    (tmp_path / "random.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    module = load()
    before = module.signal.getsignal(module.signal.SIGTERM)
    try:
        assert module.run([sys.executable, "-m", "tempfile"]) == 0  # it imports random
    finally:
        module.signal.signal(module.signal.SIGTERM, before)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_is_answered_by_the_command(tmp_path):
    program = tmp_path / "answers.py"
    program.write_text(
        "import sys, time\n"
        "try:\n    print('ready', flush=True)\n    while True: time.sleep(0.01)\n"
        "except KeyboardInterrupt:\n    time.sleep(1); print('saved', flush=True); sys.exit(7)\n"
    )
    code = f"import start, sys; sys.exit(start.run([sys.executable, {str(program)!r}]))"
    child = subprocess.Popen(
        [sys.executable, "-c", code], cwd=REPO, stdout=subprocess.PIPE, start_new_session=True
    )
    assert child.stdout.readline() == b"ready\n"
    os.killpg(child.pid, 2)
    assert child.communicate(timeout=20)[0] == b"saved\n"
    assert child.returncode == 7
