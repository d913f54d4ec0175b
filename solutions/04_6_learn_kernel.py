def learn_kernel(image, edges):  # (h, w), (h - 2, w - 2) -> (3, 3)
    kernel = tf.Variable(tf.zeros((3, 3, 1, 1)))
    picture = image[np.newaxis, :, :, np.newaxis]
    optimizer = keras.optimizers.Adam(0.1)
    for _ in range(300):
        with tf.GradientTape() as tape:
            # No ReLU: its slope at 0 is 0, and it never gives negative values.
            maps = tf.nn.conv2d(picture, kernel, 1, "VALID")
            loss = tf.reduce_mean((maps[0, :, :, 0] - edges) ** 2)
        optimizer.apply([tape.gradient(loss, kernel)], [kernel])
    return kernel[:, :, 0, 0].numpy()
