my_interval_s = np.sqrt(2 * 20 * 51_840)
my_choice = "fewer"
my_mind = """With 5,000 machines a failure comes every nine minutes: then I would save
far more often. If all 50 had to be there, I could only wait."""
