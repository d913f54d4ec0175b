def kmeans_step(points, centres):  # -> (assigned (n,), centres (k, size))
    squares = np.square(points[:, None] - centres).sum(axis=2)  # (n, k)
    assigned = squares.argmin(axis=1)
    new = [points[assigned == k].mean(axis=0) if k in assigned else centre
           for k, centre in enumerate(centres)]
    return assigned, np.stack(new)
