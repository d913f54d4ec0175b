def fastest_pipeline(images, labels):  # -> a tf.data.Dataset
    ds = tf.data.Dataset.from_tensor_slices((images, labels)).batch(100)
    ds = ds.map(enlarge, num_parallel_calls=2)
    return ds.cache().prefetch(2)
