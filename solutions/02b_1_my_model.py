my_model = keras.Sequential([
    keras.Input((28, 28)),
    keras.layers.Rescaling(1 / 255),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax"),
])
my_model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"],
                 steps_per_execution=50)
epochs = 3000 * 100 // len(x_train)  # about 3,000 steps
my_model.fit(x_train, y_train, batch_size=100, epochs=epochs, verbose=0)
print("validation accuracy:", my_model.evaluate(x_val, y_val, verbose=0)[1])
mind = ("Each weight sees one pixel, so the form of the model limits it, not the "
        "training. If more steps passed 0.95, I would change my mind.")
