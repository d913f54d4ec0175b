class MyStep(OwnStep):
    def adjust(self, gradients):
        return [tf.sign(g) for g in gradients]


reason = """Each weight says which way, and no batch can shout: a few huge gradients
can't throw the network. If five seeds of fit were as good, I'd drop it."""
