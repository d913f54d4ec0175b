"""The curves of a training, kept short enough to be sent whole."""

import numpy as np

from workshop.widgets.dashboard.arrays import QUANTILES

# dashboard.js reads the columns in this order.
COLUMNS = (
    "step",
    "train_loss",
    "val_loss",
    "train_accuracy",
    "val_accuracy",
    *(f"weights_{index}" for index in range(len(QUANTILES))),
    *(f"biases_{index}" for index in range(len(QUANTILES))),
)


class History:
    """One row a drawn step: loss, accuracy, quantiles of weights and biases.

    The whole history goes to the browser with each update, so that a reloaded page can draw it:
    when it is full, neighbours are merged, which halves it. NaN stands for "not given" and is
    passed over when drawn; infinity for "given, and not a number", a gap in the curve.

    Args:
        rows: how many rows to keep at most.

    Example:
        >>> history = History(rows=4)
        >>> for step in range(5):
        ...     history.add(step, train_loss=1.0)
        >>> history.column("step")
        array([1., 3., 4.], dtype=float32)
    """

    def __init__(self, rows: int = 400):
        self._table = np.full((rows, len(COLUMNS)), np.nan, dtype=np.float32)
        self._used = 0

    def __len__(self):
        return self._used

    @property
    def last_step(self) -> int | None:
        """The step of the last row, None when there is none."""
        return int(self._table[self._used - 1, 0]) if self._used else None

    def add(self, step: int, **values: float) -> None:
        """Append a row, or complete the last one if it has the same step.

        Args:
            step: the training step, 0 or more.
            **values: values of the columns that are known; see `COLUMNS`.
        """
        if step != self.last_step:
            if self._used == len(self._table):
                self._halve()
            self._used += 1
        row = self._table[self._used - 1]
        row[0] = step
        for name, value in values.items():
            row[COLUMNS.index(name)] = value

    def _halve(self):
        earlier, later = self._table[0::2], self._table[1::2]
        half = len(later)
        # A value that was given every other time must not vanish: the later one, if it was given.
        self._table[:half] = np.where(np.isnan(later), earlier[:half], later)
        self._table[half:] = np.nan
        self._used = half

    def column(self, name: str) -> np.ndarray:
        """Give one column.

        Args:
            name: one of `COLUMNS`.

        Returns:
            float32 (rows,), a copy.
        """
        return self._table[: self._used, COLUMNS.index(name)].copy()

    def as_dict(self) -> dict[str, np.ndarray]:
        """Give all columns by name, as float32 arrays (rows,); copies."""
        return {name: self.column(name) for name in COLUMNS}

    def as_bytes(self) -> bytes:
        """Give all rows as little-endian float32, row by row, for the browser."""
        return self._table[: self._used].astype("<f4").tobytes()
