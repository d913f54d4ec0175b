"""A measured result beside the range that it should fall in."""

import os

from workshop.checks.engine import CheckFailed

# The training part of the full MNIST; the packaged sample has less than a tenth of it.
FULL_TRAINING_EXAMPLES = 55_000


def expect(
    name: str,
    value: float,
    *,
    full: tuple[float, float],
    sample: tuple[float, float],
    trained_on: int,
) -> None:
    """Print a result with the range that we expect it in.

    The ranges are what this course measured over several seeds, with some room. A value outside
    is a reason to look again, not a failure of the learner.

    Args:
        name: what was measured, such as `"test accuracy"`.
        value: the result, unitless or in the unit that `name` says.
        full: lowest and highest value to expect with the full data.
        sample: likewise with the packaged sample.
        trained_on: the number of training examples, which tells the full data from the sample.

    Raises:
        CheckFailed: the value lies outside and `WORKSHOP_STRICT=1`.

    Example:
        >>> expect("test accuracy", 0.921, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=55_000)
        test accuracy: 0.921 (expect 0.91-0.93 on the full data)
    """
    is_full = trained_on >= FULL_TRAINING_EXAMPLES
    low, high = full if is_full else sample
    data = " on the full data" if is_full else " on the packaged sample"
    where = "" if full == sample else data
    line = f"{name}: {value:.4g} (expect {low:g}-{high:g}{where})"
    # In float32 0.93 lies above 0.93; what prints the same is the same.
    if low <= float(f"{value:.6g}") <= high:
        print(line)
        return
    if os.environ.get("WORKSHOP_STRICT") == "1":
        raise CheckFailed(f"{line}: outside")
    print(f"{line}\nThat is outside. Did you change something above? What could it be?")
