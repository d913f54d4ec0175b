def in_pieces(gradients_of, images, labels, size):  # -> list of gradients
    total = 0
    for start in range(0, len(images), size):
        piece = slice(start, start + size)
        gradients = gradients_of(images[piece], labels[piece])
        share = len(images[piece]) / len(images)
        parts = [share * gradient for gradient in gradients]
        total = [a + b for a, b in zip(total, parts)] if total else parts
    return total
