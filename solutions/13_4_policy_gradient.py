def policy_gradient(logits, choices, rewards, baseline):
    p = 1 / (1 + np.exp(-logits))  # (groups,)
    better = (rewards - baseline)[:, None]  # (samples, 1)
    return (better * (choices - p)).mean(axis=0)
