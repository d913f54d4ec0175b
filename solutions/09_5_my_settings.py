my_settings = {"batch_size": 128, "learning_rate": 0.08,
               "steps_per_execution": 10, "jit_compile": False,
               "policy": "float32"}
