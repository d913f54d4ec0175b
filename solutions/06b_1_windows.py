def windows(series, width):  # -> inputs, targets
    examples = len(series) - width
    inputs = np.stack([series[k:k + width] for k in range(examples)])
    return inputs[..., None], series[width:]
