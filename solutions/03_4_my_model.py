keras.utils.set_random_seed(3)
my_model = keras.Sequential([
    keras.Input((28, 28)),
    layers.Rescaling(1 / 255),
    layers.Flatten(),
    layers.Dense(24, activation="relu", kernel_initializer="he_normal"),
    layers.Dense(20, activation="relu", kernel_initializer="he_normal"),
    layers.Dense(10, activation="softmax"),
])
rate = keras.optimizers.schedules.CosineDecay(
    0.002, decay_steps=3 * rounds * len(x_train) // 100)
history = train(my_model, keras.optimizers.Adam(rate), 3 * rounds)
print(f"{my_model.count_params():,} parameters,",
      "validation accuracy:", round(history["val_accuracy"][-1], 3))
mind = ("Depth is worth more here. I would change my mind if one hidden layer of "
        "24 units were as accurate as two on x_val over three seeds.")
