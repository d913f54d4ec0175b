def prepare(series):  # (steps,) -> training part, test part
    train, test = np.split(series, [len(series) * 3 // 4])
    mean, spread = np.mean(train), np.std(train)
    return (train - mean) / spread, (test - mean) / spread
