def discounted(rewards, gamma):  # (steps, games) -> (steps, games)
    returns = np.array(rewards, float)
    for step in reversed(range(len(returns) - 1)):
        returns[step] += gamma * returns[step + 1]
    return returns
