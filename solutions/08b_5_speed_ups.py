def speed_ups(runs):  # -> a list, in the order of the runs
    rates = [run["n"] * run["examples"] / run["ms"] for run in runs]
    alone = [run["n"] for run in runs].index(1)
    return [rate / rates[alone] for rate in rates]
