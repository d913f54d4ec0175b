def looks_like(accuracy, noise, count):  # -> a number
    rng = np.random.default_rng(0)
    measured = rng.normal(accuracy, noise, (5000, count))
    return measured.max(axis=1).mean()
