"""The systolic array without a browser: what it draws, says, saves, and refuses."""

import nbformat
import numpy as np
import pytest
import traitlets
from nbclient import NotebookClient

from workshop.widgets import SystolicArray

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
        "From the left come 1 (row 0). Below leaves nothing."
    )
    assert array.describe(2).endswith(
        "From the left come 5 (row 0), 4 (row 1). Below leave 19 (column 0), 12 (column 1)."
    )
    assert "From the left comes nothing" in array.describe(5)
    assert [cycle["text"] for cycle in array._cells["cycles"]] == [
        array.describe(k) for k in range(6)
    ]
    assert repr(array) == "Systolic array of 2 x 3 cells, 6 cycles, 18 multiply-adds"


def test_the_cycle_can_be_chosen_by_code(array):
    array.cycle = 5
    for cycle in (-1, 6):
        with pytest.raises(traitlets.TraitError, match="the cycles 0 to 5"):
            array.cycle = cycle
    assert array.cycle == 5


def test_later_changes_of_the_states_do_not_reach_it():
    states = run(X, W)
    array = SystolicArray(states, weights=W)
    states[0]["inputs"][0, 0] = 100
    assert "come 1 (row 0)" in array.describe(0)


def test_the_figure_has_a_picture_for_each_cycle(array):
    titles = [ax.get_title() for ax in array.figure().axes]
    assert [title for title in titles if title] == [f"cycle {k}" for k in range(6)]


ONE = {"inputs": [[2.0]], "sums": [[6.0]]}


@pytest.mark.parametrize(
    ("states", "weights", "says"),
    [
        ([], [[3.0]], "0 states came"),
        ([ONE] * 65, [[3.0]], "65 states came"),
        ([ONE], [3.0], r"shape \(1,\)"),
        ([ONE], np.ones((9, 2)), "at most 8 x 8"),
        ([ONE], np.ones((0, 2)), r"\(rows, columns\)"),
        ([[[2.0]]], [[3.0]], "State 0 is a list"),
        ([{"inputs": [[2.0]]}], [[3.0]], '"inputs" and "sums"'),
        ([ONE], np.ones((2, 2)), r"inputs \(1, 1\).* shape of the weights, \(2, 2\)"),
        ([ONE, {"inputs": [[NAN]], "sums": [[6.0]]}], [[3.0]], "State 1: a cell has"),
    ],
)
def test_states_that_cannot_be_drawn_are_told(states, weights, says):
    with pytest.raises(ValueError, match=says):
        SystolicArray(states, weights=weights)


def test_without_a_kernel_it_prints_a_line(array, capsys):
    array._ipython_display_()
    assert "6 cycles" in capsys.readouterr().out


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
