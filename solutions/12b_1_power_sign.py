def power_sign(g, m, fade):  # (n,), (n,), a number -> (n,)
    return np.exp(fade * np.sign(g) * np.sign(m)) * g
