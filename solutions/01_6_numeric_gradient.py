def numeric_gradient(f, w):
    h = 1e-5
    slopes = []
    for step in h * np.eye(len(w)):  # (n,), one number is h
        slopes.append((f(w + step) - f(w - step)) / (2 * h))
    return np.array(slopes)  # (n,)
