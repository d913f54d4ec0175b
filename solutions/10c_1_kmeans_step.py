def kmeans_step(points, centres):  # -> (assigned (n,), centres (k, size))
    away = np.linalg.norm(points[:, None] - centres, axis=2)  # (n, k)
    assigned = away.argmin(axis=1)
    new = [points[assigned == k].mean(axis=0) if k in assigned else centre
           for k, centre in enumerate(centres)]
    return assigned, np.stack(new)
