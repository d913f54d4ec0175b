def for_inception(pictures):  # (n, height, width, 3), 0..255 -> -1..1
    return pictures / 127.5 - 1
