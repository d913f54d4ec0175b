def fastest_pipeline(images, labels):  # -> a tf.data.Dataset
    ds = tf.data.Dataset.from_tensor_slices((images, labels)).batch(100)
    ds = ds.map(enlarge, num_parallel_calls=2)
    return ds.cache().prefetch(2)


mind = ("The cache matters most, because later epochs only read. With one epoch, or "
        "pictures too large for memory, parallel calls would change my mind.")
