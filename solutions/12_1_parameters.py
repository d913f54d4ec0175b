def parameters(word):  # -> how many
    side, channels, total = 14, 1, 0
    for letter in word:
        if letter in "sp":
            side = (side + 1) // 2
        if letter in "cs":
            total += 3 * 3 * channels * 12 + 12
            channels = 12
        if letter == "n":
            total += 4 * channels
    return total + side * side * channels * 10 + 10
