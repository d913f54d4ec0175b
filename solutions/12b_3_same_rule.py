def same_rule(first, second):  # -> True or False
    random = np.random.default_rng(0)
    g, m = random.normal(size=(2, 100))
    v = random.uniform(0.3, 2, 100) ** 2
    steps = [rule(g, m, v) for rule in (first, second)]
    sizes = [np.abs(one).mean() + 1e-30 for one in steps]
    return bool(np.allclose(steps[0] / sizes[0], steps[1] / sizes[1], atol=1e-4))
