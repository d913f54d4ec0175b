def train_mirrored(devices, images, labels):  # -> the trained model
    strategy = tf.distribute.MirroredStrategy(devices)
    with strategy.scope():
        model = keras.Sequential([keras.Input((12,)),
                                  keras.layers.Dense(4, "softmax")])
        model.compile(keras.optimizers.SGD(0.2),
                      "sparse_categorical_crossentropy")
    model.fit(images, labels, batch_size=60, epochs=2, shuffle=False,
              verbose=0)
    return model
