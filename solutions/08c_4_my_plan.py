my_interval_s = np.sqrt(2 * 20 * 51_840)
my_choice = "fewer"
