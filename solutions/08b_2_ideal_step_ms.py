def ideal_step_ms(n, compute_ms, size, megabits_per_s, delay_ms):  # -> ms
    rounds = 2 * (n - 1)
    wire_ms = size / n / (125 * megabits_per_s)
    return compute_ms + rounds * (delay_ms + wire_ms)
