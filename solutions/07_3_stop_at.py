def stop_at(val_losses, patience):  # -> (stop, best)
    best = 0
    for place, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = place
        elif place - best >= patience:
            return place, best
    return len(val_losses) - 1, best
