"""Two lists of results whose means differ by a little less, or more, than their noise."""

import numpy as np


def near_the_border(random: np.random.Generator) -> list[tuple[list[float], list[float]]]:
    """Draw lists whose means differ by 1.9 or 2.1 standard errors, either way.

    The lists have different lengths and spreads, so that an answer that looks at one of them only,
    or takes another formula or threshold, comes to another verdict.

    Args:
        random: what draws them.

    Returns:
        Pairs of lists.

    Example:
        >>> before, after = near_the_border(np.random.default_rng())[0]
        >>> error = np.sqrt(np.var(before, ddof=1) / 3 + np.var(after, ddof=1) / 12)
        >>> round(float((np.mean(after) - np.mean(before)) / error), 6)
        1.9
    """
    cases = []
    for counts, spreads in (((3, 12), (0.01, 0.002)), ((10, 3), (0.004, 0.02)), ((3, 3), (1, 1))):
        for errors in (1.9, -1.9, 2.1, -2.1):
            one, other = (
                spread * _standard(random.normal(size=count))
                for spread, count in zip(spreads, counts, strict=True)
            )
            error = np.sqrt(sum(s**2 / n for s, n in zip(spreads, counts, strict=True)))
            cases.append(((0.9 + one).tolist(), (0.9 + other + errors * error).tolist()))
    return cases


def _standard(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / values.std(ddof=1)
