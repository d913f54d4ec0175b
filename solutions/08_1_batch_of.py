def batch_of(examples, step, worker, workers, global_batch_size):
    shard = examples[worker::workers]
    size = global_batch_size // workers
    return shard[step * size:(step + 1) * size]
