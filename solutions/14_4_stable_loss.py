def stable_loss(logits, labels):  # (batch, classes), (batch,) -> number
    top = logits.max(axis=1)
    sums = np.exp(logits - top[:, None]).sum(axis=1)
    chosen = logits[np.arange(len(labels)), labels]
    return np.mean(np.log(sums) + top - chosen)
