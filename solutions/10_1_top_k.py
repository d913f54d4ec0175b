def top_k(probabilities, names, k):  # -> [(name, probability), ...]
    order = np.argsort(probabilities)[::-1][:k]
    return [(names[i], probabilities[i]) for i in order]
