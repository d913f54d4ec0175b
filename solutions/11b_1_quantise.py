def quantise(x, scale, zero_point):  # -> int8, the shape of x
    rungs = np.round(x / scale) + zero_point
    return np.clip(rungs, -128, 127).astype("int8")
