rates = np.geomspace(0.1, 1000, 9)
losses = [loss_after(rate) for rate in rates]
for rate, loss in zip(rates, losses, strict=True):
    print(f"rate {rate:6.1f}: loss {loss:.4f}")
best = rates[np.argmin(losses)]
mind = (
    "A step should be as long as it can be while the loss still falls, here with a rate "
    "near 10. "
    "I would change my mind if other starting weights or other parts had their best "
    "rate more than three times away from it."
)
