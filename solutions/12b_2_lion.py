def lion(weights, m, g, rate, decay):  # -> new weights, new m
    step = np.sign(0.9 * m + 0.1 * g) + decay * weights
    return weights - rate * step, 0.99 * m + 0.01 * g
