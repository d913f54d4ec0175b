def mask_from_lengths(lengths, steps):  # (batch,), int -> (batch, steps)
    return np.arange(steps) < np.asarray(lengths)[:, None]
