def train_and_keep_best(model, epochs, train, evaluate):  # -> lowest loss
    lowest, best = np.inf, None
    for _ in range(epochs):
        train(model)  # one epoch
        loss = evaluate(model)
        if loss < lowest:
            lowest, best = loss, model.get_weights()
    model.set_weights(best)
    return lowest
