def sgd_step(W, b, images, labels, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_at(W, b, images, labels)
    W_gradient, b_gradient = tape.gradient(loss, [W, b])
    W.assign_sub(learning_rate * W_gradient)
    b.assign_sub(learning_rate * b_gradient)
    return loss
