def read_digits(model, images):  # (n, 28, 28) -> (n,)
    batches = [images[k:k + 100] for k in range(0, len(images), 100)]
    # In training, dropout leaves units out, and batch norm takes this batch's mean.
    answers = [model(batch, training=False) for batch in batches]
    return np.concatenate(answers).argmax(axis=1)
