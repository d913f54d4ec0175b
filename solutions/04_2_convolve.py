def convolve(image, kernels):  # (h, w, in), (kh, kw, in, out) -> (h', w', out)
    kernel_height, kernel_width, _, out = kernels.shape
    height = image.shape[0] - kernel_height + 1
    width = image.shape[1] - kernel_width + 1
    maps = np.zeros((height, width, out))
    for row in range(height):
        for column in range(width):
            patch = image[row:row + kernel_height,
                          column:column + kernel_width]
            maps[row, column] = np.tensordot(patch, kernels, axes=3)
    return maps
