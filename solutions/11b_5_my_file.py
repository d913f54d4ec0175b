my_file = with_bits(files["float"], (".*", 8), (".*wide.*", 4))
why = """Nearly all weights are in one layer, wide, so it gets 4 bits, and the
kernels, which are few, keep 8. More than 3 lost digits in 1,000 would change
my mind, or a phone on which 4 bits are slower."""
