def warm_schedule(images, batch_size, epochs, peak):  # -> step -> rate
    steps = epochs * math.ceil(images / batch_size)  # batches, not images
    warmup = steps // 10
    return keras.optimizers.schedules.CosineDecay(
        0.0, steps - warmup, warmup_target=peak, warmup_steps=warmup)
