def training_pipeline(images, labels, prepare, augment, batch_size):
    ds = tf.data.Dataset.from_tensor_slices((images, labels))
    ds = ds.map(prepare, num_parallel_calls=2).cache()
    ds = ds.shuffle(len(images)).map(augment)
    return ds.batch(batch_size, drop_remainder=True).prefetch(2)
