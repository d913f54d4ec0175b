"""The systolic array without a browser: what it draws, says, saves, and refuses."""

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
import traitlets
from nbclient import NotebookClient

from workshop.widgets import SystolicArray
from workshop.widgets.systolic.figure import draw_systolic

NAN = float("nan")


def run(x, w):
    """Give the states of a product, by a formula: input (i, j) is x[t - i - j, i] in cycle t."""
    (rows, inner), columns = x.shape, w.shape[1]
    states = []
    for cycle in range(rows + inner + columns - 2):
        inputs = np.full((inner, columns), NAN)
        sums = inputs.copy()
        for i, j in np.ndindex(inner, columns):
            if 0 <= (row := cycle - i - j) < rows:
                inputs[i, j] = x[row, i]
                sums[i, j] = x[row, : i + 1] @ w[: i + 1, j]
        states.append({"inputs": inputs, "sums": sums})
    return states


X = np.arange(1.0, 7).reshape(3, 2)
W = np.array([[1.0, 2, 3], [4, 5, 6]])


@pytest.fixture
def array():
    return SystolicArray(run(X, W), weights=W)


def test_it_draws_the_states_and_nothing_else(array):
    cells = array._cells
    assert cells["weights"] == [["1", "2", "3"], ["4", "5", "6"]]
    assert len(cells["cycles"]) == 3 + 2 + 3 - 2
    assert cells["cycles"][0]["inputs"] == [["1", None, None], [None, None, None]]
    assert cells["cycles"][1]["sums"] == [["3", "2", None], ["9", None, None]]


def test_a_line_says_what_happens(array):
    assert array.describe(0) == (
        "Cycle 0 (the last is 5): 1 of 6 cells multiply and add. "
        "In from the left: 1 (row 0). Out at the bottom: nothing."
    )
    assert array.describe(2).endswith(
        "In from the left: 5 (row 0), 4 (row 1). Out at the bottom: 19 (column 0), 12 (column 1)."
    )
    assert "In from the left: nothing" in array.describe(5)
    assert [cycle["text"] for cycle in array._cells["cycles"]] == [
        array.describe(k) for k in range(6)
    ]
    assert repr(array) == "Systolic array of 2 x 3 cells, cycles: 6, multiply-adds: 18"


def test_the_cycle_can_be_chosen_by_code(array):
    array.cycle = 5
    for cycle in (-1, 6):
        with pytest.raises(traitlets.TraitError, match=f"a cycle from 0 to 5, got {cycle}"):
            array.cycle = cycle
    assert array.cycle == 5


def test_later_changes_of_the_states_do_not_reach_it():
    states = run(X, W)
    array = SystolicArray(states, weights=W)
    states[0]["inputs"][0, 0] = 100
    assert "from the left: 1 (row 0)" in array.describe(0)


def test_the_figure_has_a_picture_for_each_cycle(array):
    titles = [ax.get_title() for ax in array.figure().axes]
    assert [title for title in titles if title] == [f"cycle {k}" for k in range(6)]


ONE = {"inputs": [[2.0]], "sums": [[6.0]]}


@pytest.mark.parametrize(
    ("states", "weights", "says"),
    [
        ([], [[3.0]], "1 to 64 states.*got 0"),
        ([ONE] * 65, [[3.0]], "1 to 64 states.*got 65"),
        ([ONE], [3.0], r"weights: expected .*got \(1,\)"),
        ([ONE], np.ones((9, 2)), "at most 8 x 8"),
        ([ONE], np.ones((0, 2)), r"\(rows, columns\)"),
        ([[[2.0]]], [[3.0]], "state 0: expected a dict.*got list"),
        ([{"inputs": [[2.0]]}], [[3.0]], r'"inputs" and "sums", got a dict with \[\'inputs\'\]'),
        ([ONE], np.ones((2, 2)), r"weights' shape, \(2, 2\), got inputs \(1, 1\)"),
        ([ONE, {"inputs": [[NAN]], "sums": [[6.0]]}], [[3.0]], "state 1: expected .* a cell with"),
    ],
)
def test_states_that_cannot_be_drawn_are_told(states, weights, says):
    with pytest.raises(ValueError, match=says):
        SystolicArray(states, weights=weights)


def test_without_a_kernel_it_prints_a_line(array, capsys):
    array._ipython_display_()
    assert "cycles: 6" in capsys.readouterr().out


def test_a_notebook_keeps_a_picture_with_its_description(tmp_path):
    source = (
        "from workshop.widgets import SystolicArray\n"
        'SystolicArray([{"inputs": [[2.0]], "sums": [[6.0]]}], weights=[[3.0]])'
    )
    cell = nbformat.v4.new_code_cell(source)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": tmp_path}}).execute()
    live, still = notebook.cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in live["data"]
    assert still["data"]["image/png"]
    assert "1 x 1 cells" in still["data"]["text/plain"]
    assert 'alt="Picture of all cycles.' in still["data"]["text/html"]
    assert len(still["data"]["text/html"]) < 60_000


@pytest.mark.parametrize("number", [2, 3, 6, 10, 22, 64])
def test_the_figure_for_a_slide_fills_it(number):
    states = [{"inputs": np.full((4, 4), 2.0), "sums": np.full((4, 4), 60.0)}] * number
    figure = draw_systolic(states, weights=np.ones((4, 4)), for_slide=True)
    wide, high = figure.get_size_inches()
    assert 1 < wide / high < 4
    assert sum(bool(ax.get_title()) for ax in figure.axes) == number


def test_letters_stay_in_their_cells():
    states = [{"inputs": np.full((1, 1), -0.1234), "sums": np.full((1, 1), -0.1234)}]
    figure = draw_systolic(states, weights=np.full((1, 1), -0.1234))
    figure.draw_without_rendering()
    (text,) = figure.axes[0].texts
    (cell,) = figure.axes[0].patches
    assert text.get_window_extent().width < cell.get_window_extent().width


def test_every_cycle_is_a_picture_and_resting_cells_are_empty():
    states = [
        {"inputs": [[2, NAN]], "sums": [[6, NAN]]},
        {"inputs": [[NAN, 2]], "sums": [[NAN, 8]]},
    ]
    figure = draw_systolic(states, weights=np.array([[3, 4]]))
    said = [[text.get_text() for text in ax.texts] for ax in figure.axes]
    assert said == [["2 x 3\n6"], ["2 x 4\n8"]]
    assert not plt.get_fignums()
    with pytest.raises(ValueError, match="a state for each cycle"):
        draw_systolic([], weights=[[1]])
