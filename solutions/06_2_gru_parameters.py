def gru_parameters(features, units):  # -> a whole number
    one_gate = features * units + units * units + 2 * units
    return 3 * one_gate
