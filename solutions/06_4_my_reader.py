my_reader = keras.Sequential([
    keras.Input((28, 28)), layers.Rescaling(1 / 255),
    layers.Conv1D(48, 5, strides=2, padding="same", activation="relu"),
    layers.Bidirectional(layers.GRU(56)),
    layers.Dense(10),
])
my_reader.compile(
    keras.optimizers.Adam(4e-3), metrics=["accuracy"],
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
my_reader.fit(x_seen, y_seen, batch_size=128, epochs=3, verbose=0)
print("validation accuracy:", my_reader.evaluate(x_val, y_val, verbose=0)[1])
mind = """The number of steps limits it, not the number of parameters: if twice the
epochs add less than half a point, I am wrong."""
