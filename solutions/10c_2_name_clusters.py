def name_clusters(points, centres, assigned, ask):  # -> labels (n,)
    names = np.empty_like(assigned)
    for k, centre in enumerate(centres):
        members = np.flatnonzero(assigned == k)
        if len(members):
            away = np.linalg.norm(points[members] - centre, axis=1)
            names[members] = ask(members[away.argmin()])
    return names
