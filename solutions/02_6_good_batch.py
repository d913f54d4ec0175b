def good_batch(images, labels, batch_size):
    chosen = np.random.choice(len(images), batch_size, replace=False)
    return images[chosen], labels[chosen]  # one draw for both
