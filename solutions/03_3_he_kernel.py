def he_kernel(inputs, units):  # -> (inputs, units)
    return np.random.normal(0, np.sqrt(2 / inputs), size=(inputs, units))
