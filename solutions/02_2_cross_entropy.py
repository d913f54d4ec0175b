def cross_entropy(probabilities, one_hot):  # (batch, classes) twice -> ()
    per_example = -tf.reduce_sum(one_hot * tf.math.log(probabilities), axis=-1)
    return tf.reduce_mean(per_example)
