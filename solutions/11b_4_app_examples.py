def app_examples():  # -> lists of one array, 100 of them
    for digit in x_train[:100]:
        pixels = digit[np.newaxis].astype("float32") / 127.5 - 1
        yield [pixels]
