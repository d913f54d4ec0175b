def accumulated(model, images, labels, size):
    weights = model.trainable_variables
    total = [0.0 for _ in weights]
    for start in range(0, len(images), size):
        some, theirs = images[start:start + size], labels[start:start + size]
        with tf.GradientTape() as tape:
            loss = loss_of(theirs, model(some, training=True))
        share = len(some) / len(images)
        gradients = tape.gradient(loss, weights)
        total = [t + share * g for t, g in zip(total, gradients)]
    return total
