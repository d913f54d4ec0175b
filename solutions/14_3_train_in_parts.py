def train_in_parts(parameters, backward, batches, parts, rate):
    for i, batch in enumerate(batches, 1):
        backward(batch)
        if i % parts == 0:
            for p in parameters:
                p.data -= rate * p.grad / parts
                p.grad = None
