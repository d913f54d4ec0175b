def worth_it(step_ms, threshold, most):  # -> number of workers
    efficient = [n for n in range(1, most + 1)
                 if step_ms(1) / step_ms(n) / n >= threshold]
    return max(efficient)
