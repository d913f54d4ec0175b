def scale_and_zero_point(low, high):  # -> (float, int)
    low, high = min(low, 0), max(high, 0)
    scale = (high - low) / 255
    return scale, round(-128 - low / scale)
