"""What lesson 12 shows of the recorded table, and what it does without Optuna."""

import itertools

import numpy as np
from scipy.stats import spearmanr

from workshop.course import course_folder
from workshop.course.cells import run_cells, scripts, tagged
from workshop.data import recorded_measurements
from workshop.search import shortest

RECORDED = recorded_measurements("architectures")
NETWORKS = RECORDED["networks"]
LAST = 1 - np.array([row[2::2] for row in NETWORKS.values()]) / 2000  # (networks, seeds)
EARLY = 1 - np.array([row[1::2] for row in NETWORKS.values()]) / 2000
MEANS = dict(zip(NETWORKS, LAST.mean(axis=1), strict=True))
SIZES = {word: row[0] for word, row in NETWORKS.items()}


def agreement(one, other, count=633):
    """As the lesson computes it: one seed picks, the two others are compared."""
    tops = [np.argsort(LAST[:, k])[-count:] for k in range(3)]
    return np.mean(
        [spearmanr(one[t, k - 1], other[t, k - 2]).statistic for k, t in enumerate(tops)]
    )


def best(parameters):
    return max((word for word in MEANS if SIZES[word] <= parameters), key=MEANS.get)


def test_the_table_has_each_network_once():
    words = {shortest("".join(word)) for word in itertools.product("csrpn-", repeat=4)}
    assert set(NETWORKS) == words
    assert all(len(row) == 7 for row in NETWORKS.values())


def test_the_sizes_are_those_of_the_exercise():
    names = {}
    solution = course_folder() / "solutions" / "12_1_parameters.py"
    exec(solution.read_text(encoding="utf-8"), names)
    assert {word: names["parameters"](word) for word in NETWORKS} == SIZES


def test_a_linear_network_is_ahead_of_the_softmax():
    """Section 2: it says no more, and learns faster."""
    assert MEANS["cccc"] > MEANS[""] + 0.03


def test_seeds_agree_about_good_and_bad_and_hardly_about_the_best():
    """Section 8."""
    assert agreement(LAST, LAST) > 0.9
    assert agreement(LAST, LAST, 63) < 0.5
    assert 0.75 < agreement(EARLY, LAST) < 0.9
    sizes = np.tile([*SIZES.values()], (3, 1)).T
    assert 0.6 < agreement(sizes, LAST) < agreement(EARLY, LAST)


def test_a_budget_changes_the_winner():
    """Section 9: the best of all is not among the small ones, which shrink the picture."""
    winners = [best(n) for n in (1_000, 2_000, 4_000, 8_000, 10**9)]
    assert len(set(winners)) == 5
    assert 25_000 < SIZES[winners[-1]] < 27_000
    assert all(set(word) & set("sp") for word in (winners[0], *winners[2:4]))


def test_what_is_recorded_of_the_searches_is_what_the_text_says():
    """Section 10: TPE is ahead at 100 evaluations; ours are within a point."""
    middle = {name: row[1] for name, row in RECORDED["replays"].items()}
    assert set(middle) == {"RandomSearch", "Evolution", "Controller", "Optuna"}
    assert middle["Optuna"] == max(middle.values())
    ours = [middle[name] for name in ("RandomSearch", "Evolution", "Controller")]
    assert max(ours) - min(ours) < 0.01 < middle["Optuna"] - max(ours)
    assert all(runs >= 40 for *_, runs in RECORDED["replays"].values())


def test_the_benchmark_finds_the_cells():
    defined = "\n".join(tagged("12", ["search", "controller", "optuna"]))
    for name in ("RandomSearch", "Evolution(", "Controller(", "Optuna(", "def learn(", "def draw("):
        assert name in defined
    assert "def evaluate(word, seed)" in scripts("12")["evaluate.py"]


def test_without_optuna_the_recorded_results_are_shown(capsys):
    names = {"optuna": None, "RandomSearch": object, "PLACES": 4, "LETTERS": "csrpn-", "np": np}
    names |= {"recorded": RECORDED, "true": {"Evolution": np.full((3, 100), 0.9)}}
    run_cells("12", ["optuna", "library"], names)
    said = capsys.readouterr().out
    assert "Optuna is not here" in said and "python3 start.py --with search" in said
    rows = {line.split()[0]: line.split()[1:3] for line in said.splitlines()[3:]}
    assert rows["Optuna"] == ["-", f"{RECORDED['replays']['Optuna'][1]:.4f}"]
    assert rows["Evolution"][0] == "0.9000"
