def split(examples, count):  # a Dataset -> (training, validation)
    training, validation = examples.skip(count), examples.take(count)
    return training.shuffle(10_000), validation
