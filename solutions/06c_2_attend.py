def attend(queries, keys, values, allowed):  # -> (positions, size)
    scores = queries @ keys.T / np.sqrt(keys.shape[-1])
    scores = np.where(allowed, scores, -1e30)  # finite
    scores = scores - scores.max(axis=-1, keepdims=True)
    powers = np.exp(scores) * allowed
    sums = powers.sum(axis=-1, keepdims=True)
    return powers @ values / np.maximum(sums, 1e-30)
