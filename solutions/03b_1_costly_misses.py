def costly_misses(y_true, probability):  # (batch,) twice -> ()
    p = tf.clip_by_value(probability, 1e-7, 1 - 1e-7)  # no log of 0
    misses = y_true * tf.math.log(p)
    alarms = (1 - y_true) * tf.math.log(1 - p)
    return -tf.reduce_mean(5 * misses + alarms)
