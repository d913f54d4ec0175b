my_plan = {"workers": 4, "compute_ms": 20_000, "size": 4 * 25.6e6,
           "link": SlowLink(1000, delay_ms=0.25)}
reason = """ResNet-50 on four office machines without GPUs: a step of 32 pictures
computes for long, so the wire matters less. If two machines showed less than
90 % efficiency, or one was slower than the others, I would change my mind."""
