#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11,<3.14"
# ///
"""Start the course: make its environment where there is none, then run a command in it.

    python3 start.py                   open the course in JupyterLab
    python3 start.py test              run every test (what follows goes to pytest)
    python3 start.py doctor            say what is here and what is missing
    python3 start.py stick FOLDER      write all that learners without network need, on a stick
    python3 start.py hub               run a JupyterHub for a class on this machine
    python3 start.py COMMAND --help    explain lab, doctor, data, solve, progress, reset, ...

On Windows: py start.py. With uv: uv run start.py, which also brings a Python that fits.
With --cuda (Linux, NVIDIA): the same with TensorFlow's GPU build, in an environment of its own.
With --newest: the same with the newest versions of everything, in an environment of its own.
With --with NAME: the same with what some lessons need beside; README.md has the names.
"""
# Any Python since 3.6 must be able to read this file: who has the wrong one is told so in words.
# The line requires-python above is for uv; this program reads the one of pyproject.toml.

import hashlib
import os
import platform
import re
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

FOLDER = Path(os.path.abspath(__file__)).parent  # resolve() would turn Windows' H: into its server
MACHINES = [("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64"), ("Windows", "AMD64")]
PROBE = "import sys; print('{}.{}'.format(*sys.version_info), sys.maxsize > 2**32)"
# These would bring another Python's files into the environment, its .pyc files out of it (without
# them TensorFlow takes three times as long to start), or let pip install elsewhere or nothing.
HARMFUL = ["PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH"]
HARMFUL += ["PIP_" + name for name in ("DRY_RUN", "NO_DEPS", "PREFIX", "PYTHON", "ROOT", "TARGET")]
# A lesson's processes share one card: none may take all of its memory. And products of float32 keep
# their digits (TF32 keeps three), or right answers would be too far off for a check.
CARD = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "NVIDIA_TF32_OVERRIDE": "0"}
EXTRAS = (
    "elsewhere",
    "mobile",
    "ray",
    "recognition",
    "search",
    "serving",
)  # of pyproject.toml, that a lesson can use
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in HARMFUL}


def supported():
    """Read from pyproject.toml which Pythons fit: the x of each 3.x, from new to old."""
    text = (FOLDER / "pyproject.toml").read_text(encoding="utf-8")
    ((first, end),) = re.findall(r'^requires-python = ">=3\.(\d+),<3\.(\d+)"', text, re.M)
    return list(reversed(range(int(first), int(end))))


MINORS = supported()
FITTING = [f"3.{minor} True" for minor in MINORS]


def pythons():
    """Name the Pythons that fit, from old to new."""
    names = [f"3.{minor}" for minor in reversed(MINORS)]
    return f"{', '.join(names[:-1])} or {names[-1]}"


def misfit():
    """Say in words why TensorFlow has no build for this Python; None where it has one."""
    system = platform.system()
    machine = {"win-amd64": "AMD64"}.get(sysconfig.get_platform(), platform.machine())
    bits = 64 if sys.maxsize > 2**32 else 32
    kind, version = platform.python_implementation(), "{}.{}".format(*sys.version_info)
    fits = kind == "CPython" and f"{version} {bits == 64}" in FITTING
    if fits and (system, machine) in MACHINES:
        return None
    if system == "Darwin" and machine == "x86_64":
        what = (
            "TensorFlow has no build for Intel Macs any more. Open the course in the browser with\n"
            "the Binder button in README.md, or use another machine. If this Mac has an Apple\n"
            "processor, then its Python is an Intel one: install Python "
            f"3.{MINORS[0]} from python.org."
        )
    elif bits == 64 and (system, machine) not in MACHINES:
        what = "Open the course in the browser with the Binder button in README.md."
    else:
        what = another_python(system)
    return (
        f"This is {kind} {version}, {bits}-bit, on {system} {machine}.\n"
        f"TensorFlow needs Python {pythons()}, 64-bit, on Linux,\n"
        f"Windows (x86_64) or a Mac with an Apple processor.\n\n{what}"
    )


def another_python(system):
    """Name a Python of this machine that fits, or where to get one."""
    for minor in MINORS:
        command = ["py", f"-3.{minor}"] if system == "Windows" else [f"python3.{minor}"]
        if output([*command, "-c", PROBE]) == f"3.{minor} True":
            name = " ".join(command)
            return f"{name} is on this machine. Type:\n\n    {name} start.py"
    return (
        f"Install Python 3.{MINORS[0]} from https://www.python.org/downloads/ "
        "beside the one you have.\n"
        "Or, with uv (https://docs.astral.sh/uv/), which brings one:\n\n    uv run start.py"
    )


def output(command):
    """Give what a command prints, or None where it does not run."""
    try:
        pipe = subprocess.PIPE
        done = subprocess.run(command, stdout=pipe, stderr=pipe, env=ENVIRONMENT, check=False)
    except OSError:
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None


def run(command, **variables):
    """Run a Python to its end and give its exit status; Ctrl-C is the command's to answer."""
    # -P: a random.py or typer.py in the folder where somebody types this is not what we import.
    command = [command[0], "-P", *command[1:]]
    child = subprocess.Popen(command, env={**ENVIRONMENT, **variables})
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    while True:
        try:
            status = child.wait()
            return status if status >= 0 else 128 - status
        except KeyboardInterrupt:
            pass


def make_environment(folder):
    """Make an empty environment; end with words where that fails."""
    from workshop.setup import place

    print("Making the environment", folder, flush=True)
    words = place.unfit(FOLDER, windows=os.name == "nt", room=not Path(folder).exists())
    if words:
        sys.exit(words)
    if place.cloud(FOLDER):
        print("(If that fails or hangs, move the course out of", place.cloud(FOLDER) + ".)")
    if output([sys.executable, "-c", "import ensurepip, venv"]) is None:
        version = f"3.{sys.version_info[1]}"
        sys.exit(
            f"This Python {version} cannot make environments: "
            "its module venv or ensurepip is missing.\n"
            "On Debian and Ubuntu it is a package of its own. Type this, then start again:\n\n"
            f"    sudo apt install python3-venv        (or python{version}-venv)"
        )
    if run([sys.executable, "-m", "venv", "--clear", str(folder)]):
        sys.exit(
            f"\nNo environment could be made in {folder}; the lines above say why.\n"
            "You need to be allowed to write there, 3 GB of free disk, and no program\n"
            "running from it. Then start again."
        )


def beside(name, *files):
    """Find a folder of a stick, in the course or beside it, that has one of these files."""
    for folder in (FOLDER / name, FOLDER.parent / name):
        # Not what another user of this machine has laid there, in /tmp for example.
        found = any(next(folder.glob(file), None) for file in files)
        if found and folder.stat().st_uid in (0, FOLDER.stat().st_uid):
            return folder
    return None


def stamp_for(extras, found):
    """Sum up what an installation depends on; while this is the same, pip is not needed."""
    total = hashlib.sha256(found.encode("utf-8"))
    for name in ("pyproject.toml", "constraints.txt"):
        total.update((FOLDER / name).read_bytes())
    return [str(FOLDER), total.hexdigest(), *sorted(extras)]


def read(stamp):
    """Give the lines of a stamp, or none where there is no stamp that can be read."""
    try:
        return stamp.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []


def prepare(build, extras):
    """Make the environment, or finish it, and give its Python; no network where it stands.

    The newest versions are asked for each time: nobody has tested those, so nothing pins them.
    """
    folder = FOLDER / (".venv" if build == "cpu" else f".venv-{build}")
    python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    stamp = folder / "course-stamp.txt"
    there = read(stamp)
    found = output([python, "-c", "import pip; " + PROBE])
    # An environment doesn't survive a move of its folder: its programs name the old place.
    if found not in FITTING or there[:1] not in ([], [str(FOLDER)]):
        make_environment(folder)
        found = output([python, "-c", PROBE]) or ""
    newest = build == "newest"
    wanted = stamp_for({"cpu" if newest else build, "lab"}.union(extras, there[2:]), found)
    if there == wanted and not newest:
        return python
    from workshop.setup.install import Pip, install

    # A start that is interrupted goes on later.
    stamp.write_text("\n".join([str(FOLDER), "unfinished", *wanted[2:]]), encoding="utf-8")
    print("Installing the course (the first time some minutes, and 2 to 3 GB of disk)", flush=True)
    what = f"{FOLDER}[{','.join(wanted[2:])}]"
    which = ["-c", str(FOLDER / "constraints.txt")]
    if newest:
        which = ["--upgrade", "--upgrade-strategy", "eager"]
    pip = Pip(python, folder / "pip.log", run=run, output=output)
    wheels = None if newest else beside("wheels", "*.whl")
    words = install(pip, [*which, "-e", what], wheels)
    if words:
        sys.exit(words)
    stamp.write_text("\n".join(wanted), encoding="utf-8")
    return python


def taken_out(arguments):
    """Part what follows each --with from the other arguments."""
    left, extras = [], []
    words = iter(arguments)
    for word in words:
        if word == "--with" or word.startswith("--with="):
            name = word[len("--with=") :] or next(words, "")
            if name not in EXTRAS:
                sys.exit("--with: expected one of {}, got {!r}.".format(", ".join(EXTRAS), name))
            extras.append(name)
        else:
            left.append(word)
    return left, extras


def main(arguments):
    """Do what the arguments say and give an exit status."""
    sys.path.insert(0, str(FOLDER))  # Python can be told to leave it out
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    words = misfit()
    asked = [build for build in ("cuda", "newest") if "--" + build in arguments]
    if "cuda" in asked and platform.system() != "Linux":
        words = words or "--cuda works on Linux only (on Windows: inside WSL2). Leave it out."
    if len(asked) > 1:
        words = words or "--cuda and --newest are two environments. Take one of them."
    if words:
        sys.exit(words)
    build = asked[0] if asked else "cpu"
    arguments, extras = taken_out(arguments)
    arguments = [word for word in arguments if word not in ("--cuda", "--newest")]
    if not arguments or (arguments[0].startswith("-") and arguments[0] != "--version"):
        arguments.insert(0, "lab")
    test = arguments[0] == "test"
    extras += [name for name in ("test", "hub", "book") if name == arguments[0]]
    python = prepare(build, extras)
    path = f"{Path(python).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    if test:
        os.chdir(FOLDER)
    command = ["pytest", *arguments[1:]] if test else ["workshop", *arguments]
    card = CARD if build == "cuda" else {}
    own = {name: os.environ.get(name, value) for name, value in card.items()}
    mnist = beside("mnist", "train-images-idx3-ubyte*", "mnist.npz")
    if mnist and not os.environ.get("WORKSHOP_DATA"):
        own["WORKSHOP_DATA"] = str(mnist)
    return run([python, "-m", *command], PATH=path, **own)


def window_is_ours():
    """Find out whether Windows made this console for a double click: it would close at once."""
    if os.name != "nt" or not sys.stdin or not sys.stdin.isatty():
        return False
    import ctypes

    programs = (ctypes.c_uint * 4)()
    return ctypes.windll.kernel32.GetConsoleProcessList(programs, 4) <= 2  # Python and py.exe


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):  # a name of a folder that this console can't show
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except SystemExit as ended:
        if ended.code and window_is_ours():
            words = ended.code if isinstance(ended.code, str) else ""
            input(words + "\n\nPress Enter to close this window.")
        raise
