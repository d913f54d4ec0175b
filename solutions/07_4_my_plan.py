my_interval_s = np.sqrt(save_s * 7200)  # 2 * save * failure
mind = """It is the cheapest interval on average. A warning a minute before each
failure would change my mind: then I'd save when it comes, and seldom before."""
