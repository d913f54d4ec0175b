def shares(maps, kernel, k):  # (h, w, channels), (channels, classes)
    height, width = maps.shape[:2]
    return maps @ kernel[:, k] / (height * width)
