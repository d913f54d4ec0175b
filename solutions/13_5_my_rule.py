def my_rule(ms, needs, hop_ms):  # -> {name: 0 or 1}
    place, end, free = {}, {}, [0.0, 0.0]
    for name in ms:
        ends = [max([free[here]] + [end[other] + hop_ms * (place[other] != here)
                                    for other in needs[name]]) + ms[name]
                for here in (0, 1)]
        place[name] = int(ends[1] < ends[0])
        end[name] = free[place[name]] = min(ends)
    return place


mind = ("It sees one operation at a time: where a bad start pays off later it is "
        "wrong. Hops that differ, or memory that runs out, would change my mind.")
