def leaky_relu_derivative(z, slope):  # any shape -> the same shape
    return tf.where(z > 0, 1.0, slope)
