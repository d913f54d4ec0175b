def standardise(x):
    mean = tf.reduce_mean(x, axis=0)  # (column,)
    return (x - mean) / tf.math.reduce_std(x, axis=0)  # (example, column)
