def mask_of(lengths, steps):  # (batch,), () -> (batch, steps, steps)
    causal = np.tril(np.ones((steps, steps), bool))
    is_text = np.arange(steps) >= steps - np.array(lengths)[:, None]
    return causal & is_text[:, None, :] | np.eye(steps, dtype=bool)
