class MyStep(OwnStep):
    def train_step(self, data):
        images, labels = data
        images = tf.cast(images, "float32")
        order = tf.random.shuffle(tf.range(tf.shape(images)[0]))
        mixed = 0.8 * images + 0.2 * tf.gather(images, order)
        with tf.GradientTape() as tape:
            p = self(mixed, training=True)
            others = tf.gather(labels, order)
            loss = 0.8 * self.compute_loss(images, labels, p)
            loss += 0.2 * self.compute_loss(images, others, p)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        return {"loss": loss} | self.compute_metrics(images, labels, p)


reason = """A mixed digit asks for mixed probabilities, so the network learns to
be less sure between classes. If five seeds without it were as good, I'd drop it."""
