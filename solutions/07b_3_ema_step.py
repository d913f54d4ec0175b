def ema_step(average, value, decay, step):  # -> (average, corrected)
    average = decay * average + (1 - decay) * value
    return average, average / (1 - decay**step)
