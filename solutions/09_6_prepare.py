def prepare(images, labels, strategy):  # -> model, data set of one epoch
    batch_size = 64 * strategy.num_replicas_in_sync
    with strategy.scope():
        model = build(policy="mixed_bfloat16")
        model.compile(keras.optimizers.SGD(0.04 * batch_size / 64),
                      "sparse_categorical_crossentropy",
                      steps_per_execution=10)
    ds = tf.data.Dataset.from_tensor_slices((images, labels))
    ds = ds.shuffle(len(images)).batch(batch_size, drop_remainder=True)
    return model, ds
