"""A systolic array, cycle by cycle: it draws the states that the learner's own code computed."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from workshop.widgets.script import script
from workshop.widgets.still import Still, png

HERE = Path(__file__).parent
# More cells can't be read, and more cycles nobody watches.
MOST_SIDE, MOST_CYCLES = 8, 64


class SystolicArray(anywidget.AnyWidget):
    """Step through a matrix product in a systolic array: what each cell gets and gives.

    It computes nothing: all numbers are those of `states`. What stands left of the array enters in
    later cycles, what stands below it has left in earlier ones; both are read from the states.
    Play, Back, Next and the slider work by mouse, touch and keyboard, and a line says what happens
    in the cycle. Where the system asks for reduced motion, nothing slides.

    The live view is shown while its kernel lives; a picture of all cycles is saved beside it and
    shown in its place when the notebook is opened again.

    Args:
        states: a dict for each cycle: "inputs" (k, n), the number that each cell gets from its
            left neighbour, and "sums" (k, n), what it hands to the cell below; NaN in both where
            a cell has nothing to do.
        weights: the numbers that stay in the cells, (k, n), at most 8 x 8.

    Raises:
        ValueError: no states or too many, shapes that differ, or a cell with an input and no sum.

    Example:
        >>> states = [{"inputs": [[2.0]], "sums": [[6.0]]}]
        >>> array = SystolicArray(states, weights=[[3.0]])
        >>> array
        Systolic array of 1 x 1 cells, 1 cycles, 1 multiply-adds
        >>> array.describe(0).split(". ")[-1]
        'Below leave 6 (column 0).'

    Source:
        H. T. Kung, "Why systolic architectures?", IEEE Computer 15(1), 1982.
    """

    _esm = script(HERE / "widget.js")
    _css = HERE / "widget.css"

    _cells = traitlets.Dict().tag(sync=True)
    # The cycle that is shown, from 0; assign it to show another one.
    cycle = traitlets.Int(0).tag(sync=True)

    def __init__(self, states: Sequence[Mapping], *, weights: np.ndarray):
        self._weights = _as_weights(weights)
        self._states = _as_states(states, self._weights.shape)
        cycles = [
            {
                "inputs": _written(state["inputs"]),
                "sums": _written(state["sums"]),
                "text": self.describe(number),
            }
            for number, state in enumerate(self._states)
        ]
        super().__init__(_cells={"weights": _written(self._weights), "cycles": cycles})

    @traitlets.validate("cycle")
    def _is_there(self, proposal: dict) -> int:
        if not 0 <= proposal["value"] < len(self._states):
            raise traitlets.TraitError(
                f"cycle={proposal['value']}; there are the cycles 0 to {len(self._states) - 1}."
            )
        return proposal["value"]

    def describe(self, cycle: int) -> str:
        """Say what happens in a cycle.

        Args:
            cycle: its number, from 0.

        Returns:
            One line: how many cells work, what enters at the left, what leaves below.

        Raises:
            IndexError: there is no such cycle.
        """
        state = self._states[cycle]
        busy = int(np.isfinite(state["inputs"]).sum())
        last = len(self._states) - 1
        said = f"Cycle {cycle} (the last is {last}): {busy} of {self._weights.size} cells"
        entering = _listed(state["inputs"][:, 0], "row")
        leaving = _listed(state["sums"][-1], "column")
        said += " multiply and add. "
        said += f"From the left come {entering}. " if entering else "From the left comes nothing. "
        return said + (f"Below leave {leaving}." if leaving else "Below leaves nothing.")

    def summary(self) -> str:
        """Say in a line how large the array is and how much it did."""
        rows, columns = self._weights.shape
        done = sum(int(np.isfinite(state["inputs"]).sum()) for state in self._states)
        return (
            f"Systolic array of {rows} x {columns} cells, {len(self._states)} cycles, "
            f"{done} multiply-adds"
        )

    def figure(self):
        """Draw all cycles as a matplotlib figure.

        Returns:
            A `matplotlib.figure.Figure`; as the last line of a cell it is shown.
        """
        from workshop.widgets.systolic.figure import draw_systolic

        return draw_systolic(self._states, weights=self._weights)

    def __repr__(self):
        return self.summary()

    def _ipython_display_(self):
        Still(self, name="systolic-array", draw=self._picture).show()

    def _picture(self):
        text = f"Picture of all cycles. {self.summary()}. Run the cell to step through them."
        return png(self.figure()), text


def _as_weights(weights):
    weights = np.asarray(weights, dtype=float)
    if weights.ndim != 2 or not weights.size or max(weights.shape) > MOST_SIDE:
        raise ValueError(
            f"weights have the shape {weights.shape}; needed is (rows, columns), at most "
            f"{MOST_SIDE} x {MOST_SIDE}, so that the numbers can be read."
        )
    return weights


def _as_states(states, shape):
    states = list(states)
    if not 1 <= len(states) <= MOST_CYCLES:
        raise ValueError(
            f"{len(states)} states came; needed are 1 to {MOST_CYCLES}, one for each cycle."
        )
    checked = []
    for number, state in enumerate(states):
        if not isinstance(state, Mapping) or not {"inputs", "sums"} <= set(state):
            raise ValueError(
                f"State {number} is a {type(state).__name__}; needed is a dict with the arrays "
                '"inputs" and "sums".'
            )
        inputs, sums = (np.array(state[name], dtype=float) for name in ("inputs", "sums"))
        if inputs.shape != shape or sums.shape != shape:
            raise ValueError(
                f"State {number} has inputs {inputs.shape} and sums {sums.shape}; needed is the "
                f"shape of the weights, {shape}, for both."
            )
        if (np.isfinite(inputs) != np.isfinite(sums)).any():
            raise ValueError(
                f"State {number}: a cell has an input and no sum, or a sum and no input. NaN "
                "stands in both where a cell has nothing to do."
            )
        checked.append({"inputs": inputs, "sums": sums})
    return checked


def _written(numbers):
    """Numbers as short texts, None for NaN."""
    return [[f"{number:.4g}" if np.isfinite(number) else None for number in row] for row in numbers]


def _listed(numbers, place):
    return ", ".join(
        f"{number:.4g} ({place} {k})" for k, number in enumerate(numbers) if np.isfinite(number)
    )
