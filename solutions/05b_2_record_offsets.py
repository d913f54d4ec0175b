def record_offsets(data):  # bytes -> a list of positions
    offsets, start = [], 0
    while start + 8 <= len(data):  # a whole length is left
        end = end_of_record(data, start)
        if end > len(data):
            break
        offsets.append(start)
        start = end
    return offsets
