def with_temperature(probabilities, temperature):  # (classes,) -> (classes,)
    scaled = (probabilities / np.max(probabilities)) ** (1 / temperature)
    return scaled / np.sum(scaled)
