def pad_batch(images, labels, size):  # -> (images, labels, weights)
    missing = size - len(images)
    weights = np.zeros(size, "float32")
    weights[: len(images)] = size / len(images)
    return (np.pad(images, [(0, missing), (0, 0), (0, 0)]),
            np.pad(labels, [(0, missing)]), weights)
