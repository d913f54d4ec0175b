layer_stack = classifier(
    layers.Conv2D(8, 5, padding="same", activation="relu"),  # (28, 28, 8)
    layers.MaxPooling2D(2),  # (14, 14, 8)
    layers.Conv2D(16, 3, activation="relu"),  # (12, 12, 16)
    layers.Conv2D(16, 3, strides=2, padding="same",
                  activation="relu"),  # (6, 6, 16)
    layers.Flatten())  # (576,)
