sizes = [10, 1_000, 30_000, 1_000_000]
ratios = [speed_up(many_small, tf.ones(size)) for size in sizes]
for size, ratio in zip(sizes, ratios, strict=True):
    print(f"{size:9} numbers: {ratio:.1f} times as fast")
highest = {size: max(ratios[k:]) for k, size in enumerate(sizes)}  # from there on
ends = next((size for size in sizes if highest[size] < least_gain), None)
mind = (
    "The gain shrinks as the tensors grow, because the work outgrows Python's share. "
    "I would change my mind if a second run put the sizes in another order, or if "
    "another function of the same size kept its gain."
)
