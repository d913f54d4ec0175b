def verdict(before, after):  # (runs,), (runs,) -> a text
    gap = np.mean(after) - np.mean(before)
    squares = [np.var(runs, ddof=1) / len(runs) for runs in (before, after)]
    if abs(gap) <= 2 * np.sqrt(sum(squares)):
        return "within noise"
    return "better" if gap > 0 else "worse"
