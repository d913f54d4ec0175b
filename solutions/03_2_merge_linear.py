def merge_linear(W1, b1, W2, b2):  # -> W (inputs, outputs), b (outputs,)
    W = W1 @ W2
    b = b1 @ W2 + b2  # the first bias passes through the second layer
    return W, b
