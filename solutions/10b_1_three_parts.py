def three_parts(labels, n, rng):  # -> three arrays of places
    parts = [[], [], []]
    for label in np.unique(labels):
        places = rng.permutation(np.flatnonzero(labels == label))
        for k, cut in enumerate(np.split(places, [n, 2 * n])):
            parts[k].append(cut)
    return [np.concatenate(part) for part in parts]
