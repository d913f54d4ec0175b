"""A systolic array, cycle by cycle: it draws the states that the learner's own code computed."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from workshop.messages import say
from workshop.widgets.script import script, style
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
        Systolic array of 1 x 1 cells, cycles: 1, multiply-adds: 1
        >>> array.describe(0).split(". ")[-1]
        'Out at the bottom: 6 (column 0).'

    Source:
        H. T. Kung, "Why systolic architectures?", IEEE Computer 15(1), 1982.
    """

    _esm = script(HERE / "widget.js")
    _css = style(HERE / "widget.css")

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
                say(
                    "expected a cycle from 0 to {last}, got {got}",
                    **{"last": len(self._states) - 1, "got": proposal["value"]},
                )
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
        fields = {
            "cycle": cycle,
            "last": len(self._states) - 1,
            "busy": int(np.isfinite(state["inputs"]).sum()),
            "cells": self._weights.size,
            "entering": _listed(state["inputs"][:, 0], _in_row),
            "leaving": _listed(state["sums"][-1], _in_column),
        }
        return _described(fields)

    def summary(self) -> str:
        """Say in a line how large the array is and how much it did."""
        rows, columns = self._weights.shape
        done = sum(int(np.isfinite(state["inputs"]).sum()) for state in self._states)
        return say(
            "Systolic array of {rows} x {columns} cells, cycles: {cycles}, multiply-adds: {done}",
            **{"rows": rows, "columns": columns, "cycles": len(self._states), "done": done},
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
        Still(self, name="systolic-array", draw=self._picture, wide=self._slide).show()

    def _picture(self):
        text = say(
            "Picture of all cycles. {summary}. Run the cell to step through them.",
            summary=self.summary(),
        )
        return png(self.figure()), text

    def _slide(self):
        from workshop.widgets.systolic.figure import draw_systolic

        return png(draw_systolic(self._states, weights=self._weights, for_slide=True))


def _as_weights(weights):
    weights = np.asarray(weights, dtype=float)
    if weights.ndim != 2 or not weights.size or max(weights.shape) > MOST_SIDE:
        raise ValueError(
            say(
                "weights: expected shape (rows, columns), at most {most} x {most}, so that the "
                "numbers can be read, got {got}",
                **{"most": MOST_SIDE, "got": weights.shape},
            )
        )
    return weights


def _as_states(states, shape):
    states = list(states)
    if not 1 <= len(states) <= MOST_CYCLES:
        raise ValueError(
            say(
                "expected 1 to {most} states, one for each cycle, got {got}",
                **{"most": MOST_CYCLES, "got": len(states)},
            )
        )
    return [_as_state(number, state, shape) for number, state in enumerate(states)]


def _as_state(number, state, shape):
    if not isinstance(state, Mapping):
        raise ValueError(
            say(
                'state {number}: expected a dict with the arrays "inputs" and "sums", got {got}',
                **{"number": number, "got": type(state).__name__},
            )
        )
    if not {"inputs", "sums"} <= set(state):
        raise ValueError(
            say(
                'state {number}: expected the arrays "inputs" and "sums", got a dict with {got}',
                **{"number": number, "got": list(state)},
            )
        )
    inputs, sums = (np.array(state[name], dtype=float) for name in ("inputs", "sums"))
    if inputs.shape != shape or sums.shape != shape:
        raise ValueError(
            say(
                "state {number}: expected inputs and sums of the weights' shape, {expected}, got "
                "inputs {inputs} and sums {sums}",
                **{"number": number, "expected": shape, "inputs": inputs.shape},
                sums=sums.shape,
            )
        )
    if (np.isfinite(inputs) != np.isfinite(sums)).any():
        raise ValueError(
            say(
                "state {number}: expected an input and a sum, or NaN for both where a cell has "
                "nothing to do, got a cell with one of them only",
                number=number,
            )
        )
    return {"inputs": inputs, "sums": sums}


def _written(numbers):
    """Numbers as short texts, None for NaN."""
    return [[f"{number:.4g}" if np.isfinite(number) else None for number in row] for row in numbers]


def _described(fields):
    if fields["entering"] and fields["leaving"]:
        return say(
            "Cycle {cycle} (the last is {last}): {busy} of {cells} cells multiply and add. In from "
            "the left: {entering}. Out at the bottom: {leaving}.",
            **fields,
        )
    if fields["entering"]:
        return say(
            "Cycle {cycle} (the last is {last}): {busy} of {cells} cells multiply and add. In from "
            "the left: {entering}. Out at the bottom: nothing.",
            **fields,
        )
    if fields["leaving"]:
        return say(
            "Cycle {cycle} (the last is {last}): {busy} of {cells} cells multiply and add. In from "
            "the left: nothing. Out at the bottom: {leaving}.",
            **fields,
        )
    return say(
        "Cycle {cycle} (the last is {last}): {busy} of {cells} cells multiply and add. In from the "
        "left: nothing. Out at the bottom: nothing.",
        **fields,
    )


def _listed(numbers, place):
    """Numbers with their rows or columns, separated by commas; empty where none is finite."""
    return ", ".join(
        place(f"{number:.4g}", k) for k, number in enumerate(numbers) if np.isfinite(number)
    )


def _in_row(number, row):
    return say("{number} (row {row})", number=number, row=row)


def _in_column(number, column):
    return say("{number} (column {column})", number=number, column=column)
