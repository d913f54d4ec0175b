def by_columns(images):  # (batch, rows, columns) -> (batch, columns, rows)
    return np.transpose(images, (0, 2, 1))
