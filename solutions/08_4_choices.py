choices = {
    "A": ("mirrored", "The model fits, and the cards of one machine have "
          "a fast link, so an equal pace costs little."),
    "B": ("sharded", "No card can hold the weights, so each holds a share "
          "and fetches a layer's weights when it needs them."),
    "C": ("servers", "No machine waits for a slow one, and one "
          "that leaves takes no weights with it."),
}
would_change = "A: a second machine. B: half the size. C: as many equal machines."
