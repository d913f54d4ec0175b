def under_way_ms(edges, process, ms, gigabytes):  # -> a number
    sent = {(giver, process[taker]): size for giver, taker, size in edges}
    return sum(ms + size / gigabytes / 1e6
               for (giver, to), size in sent.items() if process[giver] != to)
