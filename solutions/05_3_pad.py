def pad(lists, batch_size):  # -> a tf.data.Dataset
    ds = tf.data.Dataset.from_generator(
        lambda: lists, output_signature=tf.TensorSpec((None,), tf.int64))
    mark = tf.constant(-1, tf.int64)
    return ds.padded_batch(batch_size, padding_values=mark)
