def upward_rank(ms, takers, hop_ms):  # -> {name: rank}
    ranks = {}
    for name in reversed(ms):  # takers stand behind their givers
        onward = [hop_ms + ranks[taker] for taker in takers[name]]
        ranks[name] = ms[name] + max(onward, default=0)
    return ranks
