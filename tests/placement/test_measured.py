"""Placements on real processes where this machine has two cores, else as they were recorded."""

import json
from pathlib import Path

import pytest

from workshop.cluster import ScriptError
from workshop.course import cells
from workshop.placement import busy_rows, hindrance, judge, measure, measured

pytestmark = pytest.mark.usefixtures("nothing_is_left")

NAMES = ["one process", "encoder, decoder", "by layer", "HEFT", "hill climbing", "REINFORCE"]
TRAINING = [f"training, {name}" for name in ("one process", "by layer", "hill climbing")]
OTHERS = ["to and fro", "products, one process", "products, two"]
needs_two_cores = pytest.mark.skipif(bool(hindrance()), reason=hindrance())


@pytest.fixture
def pair(tmp_path) -> Path:
    """The lesson's own script."""
    cells.write_scripts("13", tmp_path)
    return tmp_path / "pair.py"


@needs_two_cores
def test_the_same_value_on_one_process_and_on_two(pair, forward, loss_of):
    wanted = {"one": {"low": 0, "high": 0}, "two": {"low": 0, "high": 1}}
    results = measure(pair, (forward, wanted))
    assert list(results) == ["one", "two"]
    for name, result in results.items():
        assert result["value"] == pytest.approx(float(loss_of()), abs=1e-5)
        assert result["ms"] > 0
        process = {span[0]: span[1] for span in result["spans"]}
        for one in forward.operations:
            assert process[one.name] == wanted[name][one.group]
    ran = [span for span in results["two"]["spans"] if "/of_" not in span[0]]
    low, high = ([s for s in ran if s[1] == number] for number in (0, 1))
    assert max(span[3] for span in low) <= min(span[2] for span in high)
    assert not list(pair.parent.glob("*.pb"))


@needs_two_cores
def test_a_script_that_fails_says_why(tmp_path, forward):
    (tmp_path / "bad.py").write_text("raise SystemExit('no graph today')")
    with pytest.raises(ScriptError, match=r"worker . ended with 1(?s:.*)no graph today"):
        measure(tmp_path / "bad.py", (forward, {"one": {"low": 0, "high": 0}}))
    assert not list(tmp_path.glob("*.pb"))


@needs_two_cores
def test_a_process_that_is_lost_ends_the_measurement(pair, forward):
    """As where the system kills one for its memory; the other one waits for it without end."""
    lost = pair.read_text().replace("server.join()", "raise SystemExit('no memory')")
    pair.write_text(lost)
    with pytest.raises(ScriptError, match=r"worker 1 ended with 1(?s:.*)no memory"):
        measure(pair, (forward, {"two": {"low": 0, "high": 1}}))


def test_what_can_not_be_measured_was_recorded(monkeypatch, capsys, forward, tmp_path):
    monkeypatch.setattr(measured, "hindrance", lambda: "Here is one core.")
    results = measure(tmp_path / "none.py", (forward, dict.fromkeys(NAMES)))
    assert list(results) == NAMES
    said = capsys.readouterr().out
    assert said.startswith("Here is one core.\n(recorded on another machine: ")
    assert list(tmp_path.iterdir()) == []


def test_all_that_the_lesson_asks_was_recorded():
    recorded = json.loads(measured.RECORDED.read_text(encoding="utf-8"))
    for name in [*NAMES, *TRAINING]:
        assert {"ms", "others", "value", "spans", "predicted", "aware"} <= set(
            recorded["results"][name]
        )
    assert set(OTHERS) <= set(recorded["results"])
    assert recorded["results"]["hill climbing"]["spans"]
    assert measured.RECORDED.stat().st_size < 40_000
    values = [recorded["results"][name]["value"] for name in NAMES]
    assert max(values) - min(values) < 1e-3


QUIET = {"all": {"ms": 100.0, "others": 0.0}, "two": {"ms": 80.0, "others": 0.01}}


def test_a_prediction_is_judged(capsys):
    assert judge(QUIET, {"all": 90.0, "two": 88.0}) == pytest.approx(0.1)
    said = capsys.readouterr().out
    assert "mean error 10.0%; the fastest is 1.25 times faster" in said
    assert "quiet" not in said
    assert "others took" not in said


def test_a_busy_machine_can_not_judge(capsys):
    busy = QUIET | {"two": {"ms": 80.0, "others": 0.4}}
    judge(busy, {"all": 90.0, "two": 88.0})
    said = capsys.readouterr().out
    assert "others took 40%" in said
    assert "The machine was not quiet" in said


def test_a_recorded_prediction_counts_for_a_recorded_measurement():
    recorded = {"all": QUIET["all"] | {"predicted": 100.0, "aware": 110.0}}
    assert judge(recorded, {"all": 1.0}) == 0
    assert judge(recorded, {"all": 1.0}, of="aware") == pytest.approx(0.1)


def test_short_pauses_are_closed():
    spans = [["b", 1, 5.0, 6.0], ["a", 0, 0.0, 1.0], ["a", 0, 1.1, 2.0], ["a", 0, 4.0, 5.0]]
    rows = busy_rows(spans)
    assert rows["process 0"] == [(0.0, 0.002), (0.004, 0.005)]
    assert rows["process 1"] == [(0.005, 0.006)]


def test_spans_within_others_do_not_shorten_them():
    assert busy_rows([["a", 0, 0.0, 4.0], ["b", 0, 1.0, 2.0]])["process 0"] == [(0.0, 0.004)]
