def replica_loss(losses, global_batch_size):  # (examples,) -> a number
    return np.sum(losses) / global_batch_size
