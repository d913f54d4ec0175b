my_settings = {"batch_size": 128, "learning_rate": 0.08,
               "steps_per_execution": 10, "jit_compile": False,
               "policy": "float32"}
my_mind = """On a GPU I would measure XLA and bfloat16 again. A network a hundred
times as large would gain nothing from ten steps per call."""
