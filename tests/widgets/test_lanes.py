"""The lanes without a browser: what they read of a cluster, say, draw, and save."""

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from workshop.data import recorded_measurements
from workshop.widgets import Lanes
from workshop.widgets.lanes.figure import draw_lanes, tick_times
from workshop.widgets.lanes.follow import MOST_BINS, Follower, sentence_of


class Task:
    """One process that has printed something."""

    def __init__(self, log):
        self.log, self.returncode = log, None
        self.log.write_bytes(b"")

    def prints(self, *lines):
        with self.log.open("ab") as file:
            file.write("".join(f"{line}\n" for line in lines).encode())


class FakeCluster(dict):
    """A cluster without processes."""

    def __init__(self, folder, *names):
        super().__init__({name: Task(folder / f"{name}.log") for name in names})

    @property
    def returncodes(self):
        return {name: task.returncode for name, task in self.items()}

    @property
    def states(self):
        words = {None: "running", 0: "ended", -9: "killed (-9)"}
        return {name: words[code] for name, code in self.returncodes.items()}

    def restart(self, name):
        self[name] = Task(self[name].log.with_suffix(".again.log"))


class Clock:
    """Seconds that pass when a test says so."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def cluster(tmp_path):
    return FakeCluster(tmp_path, "chief 0", "worker 0", "worker 1")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def follower(cluster, clock):
    return Follower(cluster, clock)


def pass_by(follower, clock, seconds):
    clock.now += seconds
    follower.look()


def lane(follower, name):
    return next(one for one in follower.state()["lanes"] if one["name"] == name)


def kinds(follower, name):
    return [kind for _, _, kind in lane(follower, name)["spans"]]


def test_lines_that_begin_with_step_are_steps_however_they_come(cluster, follower, clock):
    cluster["worker 0"].prints("step", "step 2", '{"step": 3, "loss": 2.3}', "a step", "stepped")
    with cluster["worker 1"].log.open("ab") as file:
        file.write(b"step 1\nste")
    pass_by(follower, clock, 1)
    assert [one["steps"] for one in follower.state()["lanes"]] == [0, 3, 1]
    with cluster["worker 1"].log.open("ab") as file:
        file.write(b"p 2\n")
    pass_by(follower, clock, 1)
    assert lane(follower, "worker 1")["steps"] == 2
    assert sum(lane(follower, "worker 1")["counts"]) == 2


def test_steps_of_before_do_not_count_and_say_that_it_runs(cluster, clock):
    cluster["worker 0"].prints("step", "step")
    follower = Follower(cluster, clock)
    assert lane(follower, "worker 0")["steps"] == 0
    assert kinds(follower, "worker 0") == ["running"]
    assert kinds(follower, "chief 0") == ["running"]  # it serves one that steps


def test_all_start_until_the_first_step(cluster, follower, clock):
    assert [one["words"] for one in follower.state()["lanes"]] == ["starting"] * 3
    pass_by(follower, clock, 5)
    cluster["worker 0"].prints("step")
    pass_by(follower, clock, 1)
    assert kinds(follower, "worker 0") == ["starting", "running"]
    pass_by(follower, clock, 1)
    assert [one["words"] for one in follower.state()["lanes"]] == ["running"] * 3
    assert follower.state()["left"] == pytest.approx(4, abs=0.1)  # it may have been after 5


def test_a_kill_and_a_return(cluster, follower, clock):
    for _ in range(2):
        for name in ("worker 0", "worker 1"):
            cluster[name].prints("step", "step")
        pass_by(follower, clock, 1)
    cluster["worker 1"].returncode = -9
    pass_by(follower, clock, 1)
    dead = lane(follower, "worker 1")
    assert (dead["words"], dead["marks"]) == ("killed (-9)", [[3, "cut"]])
    assert follower.state()["events"] == "worker 1: killed (-9)"
    pass_by(follower, clock, 1)
    cluster.restart("worker 1")
    cluster["worker 0"].prints("step")
    pass_by(follower, clock, 1)
    assert lane(follower, "worker 1")["words"] == "starting"  # although another one steps
    cluster["worker 1"].prints("step")
    pass_by(follower, clock, 1)
    assert kinds(follower, "worker 1")[1:] == ["running", "gone", "starting", "running"]
    assert lane(follower, "worker 1")["marks"] == [[3, "cut"], [6, "back"]]
    assert lane(follower, "worker 1")["steps"] == 5
    assert not follower.is_over


def test_one_that_was_dead_before_has_no_cross(cluster, clock):
    cluster["worker 1"].prints("step")
    cluster["worker 1"].returncode = -9
    follower = Follower(cluster, clock)
    assert lane(follower, "worker 1")["marks"] == []
    assert lane(follower, "worker 1")["words"] == "killed (-9)"


def test_a_restart_between_two_looks_is_a_cross(cluster, follower, clock):
    cluster["worker 1"].prints("step")
    pass_by(follower, clock, 1)
    cluster.restart("worker 1")
    pass_by(follower, clock, 1)
    assert lane(follower, "worker 1")["marks"] == [[2, "cut"]]


def test_a_good_end_is_no_cross_and_ends_it_all(cluster, follower, clock):
    for task in cluster.values():
        task.returncode = 0
    pass_by(follower, clock, 1)
    assert {kind for one in follower.state()["lanes"] for _, kind in one["marks"]} == {"ended"}
    assert follower.is_over


def test_a_long_run_keeps_its_steps_in_few_bins(cluster, follower, clock):
    for _ in range(50):
        cluster["worker 0"].prints(*["step"] * 7)
        pass_by(follower, clock, 10)
    shown = lane(follower, "worker 0")
    assert sum(shown["counts"]) == shown["steps"] == 350
    assert len(shown["counts"]) <= MOST_BINS
    times = tick_times(shown["counts"], follower.state()["bin"], 1)
    assert np.all(np.diff(times) >= 0)
    assert times[0] >= 0
    assert times[-1] <= 500 + follower.state()["bin"]


def test_a_picture_and_words_of_what_was_seen(cluster, follower, clock):
    cluster["worker 0"].prints(*["step"] * 40)
    pass_by(follower, clock, 2)
    cluster["worker 0"].returncode = -9
    pass_by(follower, clock, 2)
    figure = draw_lanes(follower.state())
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels[1:] == ["worker 0: killed (-9), 40 steps", "worker 1: running"]
    assert sentence_of({"name": "ps 0", "words": "running", "steps": 0}) == "ps 0: running"


def test_a_recorded_run_is_shown_as_it_was(cluster):
    cluster["worker 0"].prints("step")
    again = Lanes.recorded({**Follower(cluster).state(), "how": "recorded by hand"})
    assert repr(again) == repr(Lanes(cluster))
    assert again._state["how"] == "recorded by hand"
    assert again._state["over"]
    assert again.figure().axes


def test_the_lesson_has_a_run_in_which_one_was_killed_and_came_back():
    lanes = Lanes.recorded(recorded_measurements("lanes"))
    assert "python benchmarks/lanes.py" in lanes._state["how"]
    [marked] = [one for one in lanes._state["lanes"] if one["marks"]]
    assert [kind for _, kind in marked["marks"]] == ["cut", "back"]


def test_without_a_kernel_it_prints_its_lines(cluster, capsys):
    Lanes(cluster)._ipython_display_()
    assert capsys.readouterr().out.splitlines()[0] == "chief 0: starting"


SCRIPT = '''from pathlib import Path
import time
from workshop.cluster import start_cluster
from workshop.data import recorded_measurements
from workshop.widgets import Lanes
Path("steps.py").write_text("""import time
for step in range(10**6):
    print("step", step)
    time.sleep(0.01)
""")'''
WATCH = """with start_cluster("steps.py", {"worker": 2}) as cluster:
    display(Lanes(cluster))
    cluster["worker 1"].wait_for("step 20", 60)
    cluster.kill("worker 1")
    seen = len(cluster["worker 0"].output)
    while len(cluster["worker 0"].output) < seen + 200:
        time.sleep(0.05)"""


def test_a_notebook_keeps_the_picture_of_the_end_of_its_cell(tmp_path):
    cells = [nbformat.v4.new_code_cell(source) for source in (SCRIPT, WATCH)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": tmp_path}}).execute()
    live, still = notebook.cells[1].outputs
    assert "application/vnd.jupyter.widget-view+json" in live["data"]
    said = still["data"]["text/plain"]
    assert "worker 1: killed (" in said
    assert "worker 0: stopped (" in said
    assert still["data"]["image/png"]
