def warm_up_and_decay(step, steps, peak):  # three numbers -> one
    warm = steps // 10
    if step < warm:
        return peak * step / warm
    share = (step - warm) / (steps - warm)  # 0 after the warm-up, 1 at the end
    return peak * (1 + np.cos(np.pi * share)) / 2
