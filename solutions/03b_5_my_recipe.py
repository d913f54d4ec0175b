my_results = [
    accuracy_on(run_recipe(seed, hidden=(200,)), x_val, y_val)
    for seed in (1, 2, 3)
]
