def layout_of(mesh):  # -> a LayoutMap
    layout = keras.distribution.LayoutMap(mesh)
    layout[".*/d1/kernel"] = (None, "model")  # by units
    layout[".*/d1/bias"] = ("model",)
    layout[".*/d2/kernel"] = ("model", None)  # by inputs: d1's units
    return layout
