def lean(image):  # (height, width) -> number
    rows, columns = np.indices(image.shape)
    ink = image / image.sum()
    down = rows - np.sum(ink * rows)
    right = columns - np.sum(ink * columns)
    return np.sum(ink * down * right) / np.sum(ink * down**2)
