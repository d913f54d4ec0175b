cheap_model = keras.Sequential([
    keras.Input((24, 24)), layers.Reshape((24, 24, 1)),
    layers.Rescaling(**STANDARD),
    layers.Conv2D(16, 5, 2, activation="relu"),  # (batch, 10, 10, 16)
    layers.Conv2D(32, 3, 2, activation="relu"),  # (batch, 4, 4, 32)
    layers.Flatten(), layers.Dense(64, activation="relu"),
    layers.Dense(10, activation="softmax")])
train(cheap_model, prepare(x_train), y_train, FAST, 3 * EPOCHS)
scores = cheap_model.predict(prepare(x_val), 500, verbose=0)
print("validation accuracy:", np.mean(scores.argmax(axis=1) == y_val))
mind = ("I would change my mind if a network with twice as many first kernels and "
        "half as many second ones read more digits with three seeds.")
