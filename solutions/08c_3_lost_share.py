def lost_share(interval_s, save_s, restart_s, machine_s, machines):
    failure_s = machine_s / machines  # from one failure to the next
    return save_s / interval_s + (interval_s / 2 + restart_s) / failure_s
