"""What a class costs a hub: N learners, each with a server, a kernel and a whole lesson.

Run `python benchmarks/classroom.py --learners 30` in the environment of the course. It starts a
hub of its own, as `workshop hub` does; each learner gets a server through the hub's API and a
kernel over a web socket, and runs the cells of the lesson, one after the other, without a pause.
It prints how long servers took to start, what failed, and what each learner cost: seconds that a
processor worked (server and kernel apart) and memory (PSS: shared pages count in parts) when all
kernels are alive. Nothing of it needs a browser; a real class thinks between its cells.

Where less memory is free than `--reserve`, it ends at once: a machine without memory ends others'
work. Thirty learners take about 14 GB and, on two cores, 10 minutes.
"""

import json
import statistics
import struct
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated

import psutil
import typer
from measure import REPO, command, machine, spread

from workshop.hub import lessons as hub_lessons
from workshop.hub import life
from workshop.hub.settings import HubError, free_ports
from workshop.hub.wake import Api
from workshop.machine import memory

LONGEST = 1800  # seconds for a cell; thirty learners share the cores
FIELDS = ("start", "kernel_start", "first_cell", "lesson", "server_cpu", "kernel_cpu")


@dataclass
class Learner:
    """What one learner met: seconds, errors, and what the processes used."""

    name: str
    start: float = 0  # from the request to the server's first answer
    kernel_start: float = 0
    cells: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    server_cpu: float = 0
    kernel_cpu: float = 0
    server_pss: float = 0  # GB
    kernel_pss: float = 0
    forked: bool = False

    @property
    def first_cell(self) -> float:
        """Seconds of the cell that imports TensorFlow."""
        return self.cells[0] if self.cells else 0

    @property
    def lesson(self) -> float:
        """Seconds of all cells."""
        return sum(self.cells)


class Guard:
    """Ends the measurement before the machine has no memory left."""

    def __init__(self, reserve: float):
        """Keep `reserve` GB free."""
        self.reserve, self.least, self.over = reserve, memory().free / 1e9, threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self.over.wait(0.5):
            self.least = min(self.least, memory().free / 1e9)
            if self.least < self.reserve:
                self.over.set()

    def check(self) -> None:
        """Raise where too little is left."""
        if self.over.is_set():
            raise HubError(f"ended: {self.least:.1f} GB of memory left, below {self.reserve} GB")


class Kernel:
    """A kernel of a learner, reached as a browser does: over a web socket, through the proxy."""

    def __init__(self, api: Api, hub: str, name: str):
        """Start it."""
        import websocket

        self.session = uuid.uuid4().hex
        begun = time.monotonic()
        at = f"{hub}/user/{name}/api/kernels"
        answer = api.session.post(at, json={"path": "notebooks/lesson.ipynb"}, timeout=LONGEST)
        answer.raise_for_status()
        channels = f"{answer.json()['id']}/channels?session_id={self.session}"
        self.socket = websocket.create_connection(
            f"{at.replace('http', 'ws', 1)}/{channels}",
            header=[f"Authorization: {api.session.headers['Authorization']}"],
            timeout=LONGEST,
        )
        self.socket.settimeout(1)  # to look after the guard
        self.run("", Guard(0))
        self.seconds = time.monotonic() - begun

    def run(self, code: str, guard: Guard) -> str:
        """Run a cell to its end; give its error, or nothing."""
        import websocket

        sent, error, waiting = uuid.uuid4().hex, "", {"idle", "reply"}
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        header = {"msg_id": sent, "session": self.session, "msg_type": "execute_request"}
        header |= {"version": "5.3", "username": "", "date": ""}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self.socket.send(json.dumps(message | {"channel": "shell"}))
        end = time.monotonic() + LONGEST
        while waiting and time.monotonic() < end:
            guard.check()
            try:
                got = message_in(self.socket.recv())
            except websocket.WebSocketTimeoutException:
                continue
            if got["parent_header"].get("msg_id") != sent:
                continue
            kind, content = got["msg_type"], got["content"]
            if kind == "error":
                error = f"{content['ename']}: {content['evalue']}"
            if kind == "execute_reply":
                waiting.discard("reply")
            if kind == "status" and content["execution_state"] == "idle":
                waiting.discard("idle")
        return error or (f"no answer after {LONGEST} s" if waiting else "")


def message_in(frame: str | bytes) -> dict:
    """Read what came over the socket; a widget's has buffers behind it, and says where."""
    if isinstance(frame, str):
        return json.loads(frame)
    parts = struct.unpack_from("!I", frame)[0]
    at = (*struct.unpack_from(f"!{parts}I", frame, 4), len(frame))
    return json.loads(frame[at[0] : at[1]])


def attend(learner: Learner, hub: str, token: str, cells: list[str], guard: Guard) -> None:
    """Log in, start a kernel, run the cells; what fails is noted, and ends this learner only."""
    try:
        guard.check()
        api = Api(hub, token)
        learner.start = api.start(learner.name)
        kernel = Kernel(api, hub, learner.name)
        learner.kernel_start = kernel.seconds
        for number, code in enumerate(cells):
            begun = time.monotonic()
            error = kernel.run(code, guard)
            learner.cells.append(time.monotonic() - begun)
            if error:
                learner.errors.append(f"cell {number}: {error}")
    except Exception as error:  # noqa: BLE001 - whatever a crowd meets is a result
        learner.errors.append(f"{type(error).__name__}: {error}")


def weigh(learners: list[Learner]) -> None:
    """Note what the processes of each learner have used until now."""
    by_name = {learner.name: learner for learner in learners}
    for process in psutil.process_iter():
        try:
            words, folder = " ".join(process.cmdline()), Path(process.cwd()).parts
            forked = "workshop.hub.fork" in words
            # A forked kernel has the variables and command of who forked it, and its own folder.
            name = process.environ().get("JUPYTERHUB_USER", "")
            if forked and "learners" in folder:
                name = folder[folder.index("learners") + 1]
                by_name[name].forked = True
            theirs = [by_name[name]] if name in by_name else learners if forked else []
            what = "kernel" if forked or "ipykernel" in words else "server"
            spent, held = process.cpu_times(), process.memory_full_info()
            # Without the children: the server's would be its kernels.
            seconds, size = spent.user + spent.system, getattr(held, "pss", held.uss) / 1e9
            for learner in theirs:  # all bear the process that forks for all
                for name, more in ((f"{what}_cpu", seconds), (f"{what}_pss", size)):
                    setattr(learner, name, getattr(learner, name) + more / len(theirs))
        except psutil.Error:  # it has ended, or belongs to somebody else
            continue


def crowd(hub: dict, learners: list[Learner], cells: list[str], every: float, guard: Guard) -> None:
    """Let learners come one after the other, and wait for all."""
    at, token = life.address(hub), hub["token"]
    Api(at, token).call("POST", "users", 409, json={"usernames": [one.name for one in learners]})
    with ThreadPoolExecutor(len(learners)) as pool:
        for number, learner in enumerate(learners):
            if number and guard.over.wait(every):
                break
            pool.submit(attend, learner, at, token, cells, guard)
    weigh(learners)


def report(learners: list[Learner], guard: Guard) -> dict:
    """Print the figures, and give them."""
    whole = [one for one in learners if one.cells and not one.errors]
    print(f"{len(whole)} of {len(learners)} learners ran everything; ", end="")
    print(f"{guard.least:.1f} GB of memory was the least that was free")
    for one in learners:
        for error in one.errors:
            print(f"  {one.name}: {error}")
    for name in (*FIELDS, "server_pss", "kernel_pss"):
        values = [getattr(one, name) for one in whole] or [0]
        unit, form = ("GB", ".3f") if name.endswith("pss") else ("s", ".1f")
        middle = format(statistics.median(values), form)
        print(f"{name.replace('_', ' '):14} {middle:>7} {unit}  {spread(values, form)}")
    if whole:
        slowest = max(range(len(whole[0].cells)), key=lambda k: max(o.cells[k] for o in whole))
        seconds = [one.cells[slowest] for one in whole]
        print(f"slowest cell   {statistics.median(seconds):7.1f} s  code cell {slowest}")
    return {"whole": len(whole), "least_free": guard.least, "learners": [*map(asdict, learners)]}


def code_of(asked: str, course: Path) -> list[str]:
    """Give the code cells of a lesson: all, or the ones whose numbers stand behind a colon."""
    import nbformat

    number, _, chosen = asked.partition(":")
    found = sorted((course / "notebooks").glob(f"{number}_*.ipynb"))
    if not found:
        raise typer.BadParameter(f"no lesson {number} in {course}", param_hint="--lesson")
    notebook = nbformat.read(found[0], as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return [code[int(one)] for one in chosen.split(",")] if chosen else code


def main(  # noqa: PLR0913 - an option each
    learners: int = 3,
    every: Annotated[float, typer.Option(help="Seconds from one learner to the next.")] = 8,
    lesson: Annotated[
        list[str] | None,
        typer.Option(help="02, or 02:0,1,2 for some of its code cells; again for more."),
    ] = None,
    *,
    sample: Annotated[bool, typer.Option("--sample", help="The packaged sample.")] = False,
    reserve: Annotated[float, typer.Option(help="GB that must stay free.")] = 2,
    course: Annotated[
        Path, typer.Option(help="Another checkout: learners get its package and lessons.")
    ] = REPO,
    own_imports: Annotated[
        bool, typer.Option("--own-imports", help="No kernel is forked: each imports TensorFlow.")
    ] = False,
    figures: Annotated[Path | None, typer.Option(help="Write them there, as JSON.")] = None,
) -> None:
    """Print what a class costs."""
    print(machine(), flush=True)
    code = [cell for one in lesson or ["02"] for cell in code_of(one, course)]
    guard, people = Guard(reserve), [Learner(f"load{n}") for n in range(1, learners + 1)]
    variables = {"PYTHONPATH": str(course)} if course != REPO else {}
    own_imports = {"forkserver": False} if own_imports or course != REPO else {}
    with tempfile.TemporaryDirectory() as place:
        settings = hub_lessons.given(REPO) | hub_lessons.data(sample=sample)
        port = free_ports(1)[0]
        settings |= {"port": port, "load_test": True, "environment": variables} | own_imports
        try:
            with life.running(REPO, Path(place), **settings) as hub:
                crowd(hub, people, code, every, guard)
                found = report(people, guard)
                guard.over.set()
        except HubError as error:
            raise SystemExit(str(error)) from None
    if figures:
        figures.write_text(json.dumps(found, indent=1), encoding="utf-8")
    if found["whole"] < learners:
        raise SystemExit(1)


if __name__ == "__main__":
    command(main)
