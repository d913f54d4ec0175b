def shard_of(device, shape, mesh, layout):  # -> (rows, columns), slices
    place = dict(zip(mesh, np.unravel_index(device, tuple(mesh.values()))))
    parts = []
    for length, axis in zip(shape, layout):
        size = length if axis is None else length // mesh[axis]
        first = 0 if axis is None else place[axis] * size
        parts.append(slice(first, first + size))
    return tuple(parts)
