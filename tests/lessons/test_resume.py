"""Lesson 07's scripts: killed in the middle of a save, resumed, and equal to the bit."""

import contextlib
import json
import time

import numpy as np
import pytest

from workshop.cluster import start_script
from workshop.course import cells

tf = pytest.importorskip("tensorflow")

TRIES = 5


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """The lesson's files written to an empty folder, and its functions that kill."""
    monkeypatch.chdir(tmp_path)
    runs = tmp_path / "runs" / "07"
    runs.mkdir(parents=True)
    names = {
        "contextlib": contextlib,
        "time": time,
        "start_script": start_script,
        "runs": runs,
    }
    cells.write_scripts("7", runs)
    return cells.run_cells("7", ["kill"], names)


def logged(log):
    return [json.loads(line) for line in log.read_text().splitlines()]


def train_to_the_end(lesson, folder):
    with start_script(lesson["runs"] / "train.py", folder) as script:
        assert script.wait(300) == 0, script.output
        return script.output


def test_a_training_killed_while_it_saves_goes_on_as_if_nothing_had_been(lesson):
    runs = lesson["runs"]
    train_to_the_end(lesson, runs / "whole")
    for number in range(TRIES):
        killed = runs / f"killed{number}"
        if lesson["kill_while_saving"](killed):
            break
    assert lesson["half_written"](killed), f"not hit in {TRIES} tries"

    complete = int(tf.train.latest_checkpoint(killed).split("-")[-1])
    reached = logged(killed.with_suffix(".jsonl"))[-1]["step"]
    assert 0 < complete < reached
    assert f"starts at {complete} from" in train_to_the_end(lesson, killed)

    whole = {line["step"]: line["loss"] for line in logged(runs / "whole.jsonl")}
    lines = logged(killed.with_suffix(".jsonl"))
    assert len(lines) == len(whole) + reached - complete
    assert [line["loss"] - whole[line["step"]] for line in lines] == [0.0] * len(lines)
    ends = [
        tf.train.load_checkpoint(str(folder / "ckpt-200")) for folder in (runs / "whole", killed)
    ]
    names = [name for name in ends[0].get_variable_to_shape_map() if "GRAPH" not in name]
    assert any(name.startswith("seeds/") for name in names)
    for name in names:
        one, other = (end.get_tensor(name) for end in ends)
        assert np.asarray(one).tobytes() == np.asarray(other).tobytes(), name
