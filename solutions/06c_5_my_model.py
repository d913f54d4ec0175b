my_model = keras.Sequential([
    keras.Input((LENGTH,)), layers.Embedding(kinds, 32),
    layers.Conv1D(256, 6, padding="causal", activation="relu"),
    layers.Dense(kinds)])
race({"mine": my_model}, steps=100)
mind = """Six letters at a time come as far as attention does in these seconds.
A text in which the next letter hangs on what stood hundreds of letters before,
and far more time to learn it, would change my mind."""
