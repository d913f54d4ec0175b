def logit_gradient(logits, actions, advantages):  # -> (n, actions)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    taken = np.eye(logits.shape[1])[actions]
    return (p - taken) * advantages[:, None] / len(logits)
