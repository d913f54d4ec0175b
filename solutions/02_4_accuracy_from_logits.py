def accuracy_from_logits(logits, labels):  # (batch, classes), (batch,) -> ()
    predicted = np.argmax(logits, axis=-1)  # softmax would keep the order
    return np.mean(predicted == labels)
