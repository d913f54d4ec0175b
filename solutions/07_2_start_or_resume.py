def start_or_resume(manager, checkpoint):  # -> the step to go on from
    if manager.latest_checkpoint is None:
        return 0
    checkpoint.restore(manager.latest_checkpoint)
    return int(checkpoint.step)
