def scaled_rate(step, batch_size):  # -> learning rate
    share = min(1, step * batch_size / 4096)
    return 0.02 + (0.02 * batch_size / 32 - 0.02) * share
