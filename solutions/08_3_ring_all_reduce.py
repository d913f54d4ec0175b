def ring_all_reduce(pieces, send):  # (workers, workers, size), worker first
    n = len(pieces)
    for round in range(2 * (n - 1)):
        for sender in range(n):
            receiver, k = (sender + 1) % n, (sender - round) % n
            arrived = send(sender, receiver, pieces[sender, k])
            if round < n - 1:
                pieces[receiver, k] += arrived  # reduce-scatter
            else:
                pieces[receiver, k] = arrived  # all-gather
    return pieces
