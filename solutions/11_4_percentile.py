def percentile(times, percent):  # percent: 1 to 100
    needed = -(-percent * len(times) // 100)  # rounded up
    return sorted(times)[needed - 1]
