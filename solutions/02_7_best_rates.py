best_rates = {10: 0.1, 100: 0.5, 1000: 1.0}
for size, learning_rate in best_rates.items():
    print(size, learning_rate, round(loss_after(learning_rate, size), 3))
mind = ("A larger batch takes a larger rate, though not in proportion. If ten times "
        "the batch took ten times the rate on more digits, I would change my mind.")
