my_model = keras.Sequential([
    keras.Input((28, 28)),
    keras.layers.Rescaling(1 / 255),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax"),
])
my_model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
my_model.fit(train_ds, steps_per_epoch=500, epochs=4, verbose=0)
print("validation accuracy:", my_model.evaluate(x_val, y_val, verbose=0)[1])
