def max_pool(maps):  # (batch, h, w, c) -> (batch, h / 2, w / 2, c)
    batch, height, width, channels = maps.shape
    squares = maps.reshape(batch, height // 2, 2, width // 2, 2, channels)
    return squares.max(axis=(2, 4))
