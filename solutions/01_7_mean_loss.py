def mean_loss(x, targets, w, b):
    p = tf.sigmoid(x @ w + b)  # (example, 1)
    return tf.reduce_mean((p - targets[:, tf.newaxis]) ** 2)  # ()
