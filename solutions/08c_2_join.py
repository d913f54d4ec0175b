def join(first, second):  # -> ({step: loss}, number of lost steps)
    restart = min(second)
    kept = {step: loss for step, loss in first.items() if step < restart}
    return kept | second, len(first) - len(kept)
