def batches(images, labels, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(images))
    for first in range(0, len(order), batch_size):
        chosen = order[first:first + batch_size]
        yield images[chosen], labels[chosen]
