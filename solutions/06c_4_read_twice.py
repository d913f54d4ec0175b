def read_twice(embedding, first, second, codes, asking):
    memory = embedding(codes)
    seen = (codes != 0)[:, None, :]
    taken = first(asking, memory, attention_mask=seen)
    return second(taken, memory, attention_mask=seen)
