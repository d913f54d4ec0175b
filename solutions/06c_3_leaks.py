def leaks(function, x):  # -> the positions that see what comes later
    random, found = np.random.default_rng(0), []
    before = np.array(function(x))
    for k in range(x.shape[1]):
        changed = np.array(x)
        changed[:, k + 1:] = random.normal(size=changed[:, k + 1:].shape)
        after = np.array(function(changed))
        if np.abs(after - before)[:, k].max() > 1e-6:
            found.append(k)
    return found
