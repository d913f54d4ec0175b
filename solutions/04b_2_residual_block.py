def residual_block(inputs):  # (batch, height, width, channels) -> the same
    filters = inputs.shape[-1]
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(filters, 3, padding="same")(x)
    return layers.ReLU()(layers.Add()([inputs, x]))
