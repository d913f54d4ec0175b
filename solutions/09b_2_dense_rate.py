def dense_rate(batch, inputs, units, peak, bandwidth):  # -> FLOP/s
    operations = 2 * batch * inputs * units
    moved = 2 * (batch * inputs + inputs * units + batch * units)  # bytes
    return min(peak, operations / moved * bandwidth)
