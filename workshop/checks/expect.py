"""A measured result beside the range that it should fall in."""

import os

from workshop.checks.engine import CheckFailed
from workshop.messages import say

# The training part of the full MNIST; the packaged sample has less than a tenth of it.
FULL_TRAINING_EXAMPLES = 55_000
Range = tuple[float, float]


def expect(
    name: str,
    value: float,
    always: Range | None = None,
    *,
    full: Range | None = None,
    sample: Range | None = None,
    trained_on: int | None = None,
) -> None:
    """Print a result with the range that we expect it in.

    The ranges are what this course measured over several seeds, with some room. A value outside
    is a reason to look again, not a failure of the learner.

    Args:
        name: what was measured, such as `"test accuracy"`.
        value: the result, unitless or in the unit that `name` says.
        always: lowest and highest value to expect, whatever the data.
        full: likewise with the full data, where the data makes a difference.
        sample: likewise with the packaged sample.
        trained_on: the number of training examples, which tells the full data from the sample.

    Raises:
        TypeError: neither one range for all data came, nor the two and a number of examples.
        CheckFailed: the value lies outside and `WORKSHOP_STRICT=1`.

    Example:
        >>> expect("accuracy", 0.98, (0.97, 1.0))
        accuracy: 0.98 (expect 0.97-1)
        >>> expect("test accuracy", 0.921, full=(0.91, 0.93), sample=(0.8, 0.9), trained_on=55_000)
        test accuracy: 0.921 (expect 0.91-0.93 on the full data)
    """
    if always is None and full and sample and trained_on is not None:
        is_full = trained_on >= FULL_TRAINING_EXAMPLES
        low, high = full if is_full else sample
    elif always and full is sample is trained_on is None:
        low, high = always
    else:
        raise TypeError(say("expected one range, or full=, sample= and trained_on="))
    fields = {"name": name, "value": value, "low": low, "high": high}
    if always:
        line = say("{name}: {value:.4g} (expect {low:g}-{high:g})", **fields)
    elif is_full:
        line = say("{name}: {value:.4g} (expect {low:g}-{high:g} on the full data)", **fields)
    else:
        line = say("{name}: {value:.4g} (expect {low:g}-{high:g} on the packaged sample)", **fields)
    # In float32 0.93 lies above 0.93; what prints the same is the same.
    if low <= float(f"{value:.6g}") <= high:
        print(line)
        return
    if os.environ.get("WORKSHOP_STRICT") == "1":
        raise CheckFailed(say("{line}: outside", line=line))
    print(line)
    print(say("That is outside. Did you change something above? What could it be?"))
