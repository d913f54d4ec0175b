def rnn_step(x, state, kernel, recurrent, bias):  # -> (batch, units)
    return tf.tanh(x @ kernel + state @ recurrent + bias)
