"""What lesson 11 measures is kept; what it can't measure was recorded, and is told so."""

import json
import sys

import pytest

from workshop.serving import Results
from workshop.serving.recorded import NEEDED, RECORDED


@pytest.fixture
def nothing_is_installed(monkeypatch):
    for name in NEEDED:
        monkeypatch.setitem(sys.modules, name, None)


def test_a_result_is_measured_and_kept(tmp_path, capsys):
    results = Results(tmp_path / "measured.json")
    assert results.missing == []
    assert results.take("rows", lambda: [(1, 2.5)]) == [[1, 2.5]]
    assert results.take("words", lambda: {"1": "a"}) == {"1": "a"}
    kept = json.loads((tmp_path / "measured.json").read_text(encoding="utf-8"))
    assert kept.keys() == {"machine", "rows", "words"}
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("nothing_is_installed")
def test_where_packages_are_missing_the_recorded_results_are_marked(tmp_path, capsys):
    results = Results(tmp_path / "measured.json")
    assert results.missing == list(NEEDED)
    assert "python3 start.py --with serving" in capsys.readouterr().out
    came = results.take("waits", lambda: pytest.fail("nothing can be measured"))
    assert {row["wait_ms"] for row in came} == {0, 2, 10}
    assert capsys.readouterr().out.startswith("(recorded on another machine: ")
    assert not (tmp_path / "measured.json").exists()


def test_one_missing_package_is_enough(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "locust", None)
    assert Results(tmp_path / "measured.json").missing == ["locust"]


def test_the_recorded_results_are_of_a_run_without_a_lost_request():
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    quarters = recorded["release"]["quarters"]
    assert sum(row.get("first", 0) + row.get("second", 0) for row in quarters) > 100
    assert not any(row.keys() & {"lost", "neither"} for row in quarters)
    rows = recorded["batching False"] + recorded["batching True"] + recorded["waits"]
    assert all(row["lost"] == 0 for row in rows)
