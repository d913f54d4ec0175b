def aging(accuracies, count, rng):  # -> (parent, dies)
    drawn = rng.choice(len(accuracies), count, replace=False)
    parent = max(drawn, key=lambda place: accuracies[place])
    return parent, 0
