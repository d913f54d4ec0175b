my_interval_s = np.sqrt(2 * save_s * 3600)
mind = """It is the cheapest interval on average. A warning a minute before each
failure would change my mind: then I'd save when it comes, and seldom before."""
