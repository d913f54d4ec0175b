def softmax(logits):  # (batch, classes) -> (batch, classes)
    largest = np.max(logits, axis=-1, keepdims=True)  # harmless exponentials
    exponentials = np.exp(logits - largest)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)
