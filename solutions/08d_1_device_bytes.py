def device_bytes(parameters, example_bytes, batch, devices, stage):
    states = 8 / devices if stage >= 1 else 8
    gradients = 4 / devices if stage >= 2 else 4
    weights = 4 / devices if stage >= 3 else 4
    activations = example_bytes * batch / devices
    return parameters * (states + gradients + weights) + activations
