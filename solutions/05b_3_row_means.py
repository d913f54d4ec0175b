def row_means(padded, padding):  # (batch, longest) -> (batch,)
    real = padded != padding  # (batch, longest)
    sums = np.sum(np.where(real, padded, 0), axis=1)  # (batch,)
    return sums / np.maximum(real.sum(axis=1), 1)
