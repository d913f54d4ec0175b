my_plan = {"parameters": 7e9, "example_bytes": 1e9, "batch": 64,
           "devices": 8, "stage": 3, "card_gb": 80}
reason = """A language model of 7 billion parameters on the eight cards of one
machine. Their link is fast, so fetching weights costs little. With sixteen
bits per number, or a slow link between the cards, I would think again."""
