def training_hours(madds, pictures, epochs, peak, share):  # -> hours
    operations = madds * 2 * 3 * pictures * epochs
    return operations / (peak * share) / 3600
