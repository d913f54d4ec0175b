def move(image, down, right):  # (28, 28) -> (28, 28)
    far = 28 + max(abs(down), abs(right))  # zeros enough on each side
    padded = np.pad(image, far)
    top, left = far - down, far - right  # the window moves the other way
    return padded[top:top + 28, left:left + 28]
