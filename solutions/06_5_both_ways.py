def both_ways(sequence, forward, backward):  # -> (batch, steps, units)
    from_the_end = backward(sequence[:, ::-1])  # its step 0 is the last row
    return forward(sequence) + from_the_end[:, ::-1]
