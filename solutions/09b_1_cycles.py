def cycles(m, k, n, size):  # -> cycles, tile after tile
    tiles = math.ceil(k / size) * math.ceil(n / size)
    return tiles * (m + size + size - 2)
