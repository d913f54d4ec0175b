choices = {
    "A": ("mirrored", "The model fits, and the cards of one machine have "
          "a fast link, so an equal pace costs little."),
    "B": ("split", "No card can hold the model, so each one gets "
          "some of the layers and passes on what they say."),
    "C": ("servers", "Nobody has to wait for a slow machine, and one "
          "that leaves takes no weights with it."),
}
would_change = "A: a second machine. B: half the size. C: as many equal machines."
