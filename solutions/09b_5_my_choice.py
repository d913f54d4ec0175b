choice = {"batch": 128, "inputs": 784, "units": 200,
          "machine": "TPU v2 (2017)", "waits_for": "multipliers"}
reason = """The smallest of them is large enough for a lesson's layer. A batch of
1 would change my mind: then even this one waits for its memory."""
