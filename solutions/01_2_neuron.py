def neuron(x, w, b):
    z = tf.reduce_sum(x * w, axis=1) + b  # (example,)
    return tf.sigmoid(z)
