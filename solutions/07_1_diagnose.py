def diagnose(losses, val_losses):  # two lists of numbers -> a word
    if val_losses[-1] > 1.1 * min(val_losses):
        return "overfitting"
    return "underfitting" if losses[-1] > 0.5 else "good"
