def replica_step(model, optimizer, images, labels):
    loss_of = keras.losses.SparseCategoricalCrossentropy()
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    with tf.GradientTape() as tape:
        loss = loss_of(labels, model(images, training=True))
        loss += sum(model.losses) / replicas
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
