mine, other = "NumPy", "TensorFlow"  # names from the table
my_steps = 0
my_reason = """It starts at once and its small steps cost least. A model with
convolutions, or a GPU, would change my mind."""
