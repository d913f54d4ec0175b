def epoch_time(steps, prepare_s, compute_s, prefetch):  # -> seconds
    if not prefetch:
        return steps * (prepare_s + compute_s)
    between = (steps - 1) * max(prepare_s, compute_s)
    return prepare_s + between + compute_s  # first batch, last step
