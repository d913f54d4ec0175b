def confusions(labels, predictions, classes):  # -> (classes, classes)
    counts = np.zeros((classes, classes), int)
    for label, said in zip(labels, predictions, strict=True):
        counts[label, said] += 1
    return counts
