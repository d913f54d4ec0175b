def finish_ms(ms, needs, process, hop_ms):  # -> a number
    end, free = {}, [0.0, 0.0]
    for name in ms:
        here = process[name]
        there = [end[other] + hop_ms * (process[other] != here)
                 for other in needs[name]]
        end[name] = free[here] = max([free[here], *there]) + ms[name]
    return max(end.values())
