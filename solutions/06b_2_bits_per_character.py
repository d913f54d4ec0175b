def bits_per_character(probabilities, codes):  # (n, classes), (n,) -> ()
    given_to_the_right_one = probabilities[np.arange(len(codes)), codes]
    return -np.mean(np.log2(given_to_the_right_one))
