class Number:
    def __init__(self, value, parents=()):
        self.value, self.gradient = value, 0.0
        self.parents = parents  # pairs: (number, slope)

    def __add__(self, other):
        return Number(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        pairs = [(self, other.value), (other, self.value)]
        return Number(self.value * other.value, pairs)

    def tanh(self):
        t = np.tanh(self.value)
        return Number(t, [(self, 1 - t**2)])

    def backward(self, upstream=1.0):
        self.gradient += upstream
        for parent, slope in self.parents:
            parent.backward(upstream * slope)
