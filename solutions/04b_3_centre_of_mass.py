def centre_of_mass(image):  # (height, width) -> (row, column)
    height, width = image.shape
    row = np.average(np.arange(height), weights=image.sum(axis=1))
    column = np.average(np.arange(width), weights=image.sum(axis=0))
    return row, column
