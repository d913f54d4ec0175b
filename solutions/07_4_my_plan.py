my_interval_s = np.sqrt(2 * save_s * 3600)
