def output_size(size, kernel_size, stride, padding):  # -> pixels
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1  # steps, and the first place
