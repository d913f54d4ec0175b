def to_square(picture, fill):  # (height, width, 3) -> (side, side, 3)
    height, width = picture.shape[:2]
    side = max(height, width)
    square = np.full((side, side, 3), fill, picture.dtype)
    top, left = (side - height) // 2, (side - width) // 2
    square[top:top + height, left:left + width] = picture
    return square
