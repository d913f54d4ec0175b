def open_from(network, first):  # -> the same network
    network.trainable, came = True, False
    for layer in network.layers:
        came = came or layer.name == first
        is_norm = isinstance(layer, layers.BatchNormalization)
        layer.trainable = came and not is_norm
    return network
