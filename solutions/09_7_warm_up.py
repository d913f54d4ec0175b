class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, base, batch_size, optimizer):
        ratio = batch_size / 32
        scale = ratio if optimizer == "sgd" else ratio ** 0.5
        self.base, self.top = base, base * scale
        self.steps = 4096 / batch_size  # 4,096 digits

    def __call__(self, step):
        share = keras.ops.cast(step, "float32") / self.steps
        share = keras.ops.minimum(share, 1)  # and there it stays
        return self.base + (self.top - self.base) * share
