def same_rule(first, second):  # -> True or False
    g, m, root = np.random.default_rng(0).normal(size=(3, 100))
    one, other = first(g, m, root * root), second(g, m, root * root)
    a, b = np.abs(one).sum(), np.abs(other).sum()
    return bool(np.allclose(one * b, other * a, rtol=1e-3) and (a > 0) == (b > 0))
