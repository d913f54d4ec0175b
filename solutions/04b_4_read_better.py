def read_better(images):  # (n, 28, 28) -> (n, 10)
    moves = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]  # (down, right)
    answers = [
        model.predict(np.roll(images, move, axis=(1, 2)), 500, verbose=0)
        for move in moves
    ]
    return np.mean(answers, axis=0)


mind = ("I would change my mind if, of five models trained with different seeds, "
        "fewer than four read more digits this way.")
