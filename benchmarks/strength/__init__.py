"""The parts of `benchmarks/check_strength.py`."""
