def ring_bytes(n, parameters, bytes_each=4):  # -> bytes that a worker sends
    return 2 * (n - 1) * parameters * bytes_each / n
