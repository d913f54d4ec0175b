def dead_units(outputs):  # (examples, units) -> how many are always 0
    return np.sum(outputs.max(axis=0) == 0)
