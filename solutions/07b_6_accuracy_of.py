def accuracy_of(model, batches):  # -> a number from 0 to 1
    hits = count = 0
    for images, labels in batches:
        classes = model.predict_on_batch(images).argmax(axis=1)
        hits += np.sum(classes == labels)
        count += len(labels)
    return hits / count
