"""Measurements of benchmarks, for those who can't take them themselves."""

from workshop.data.recorded.measurements import recorded_measurements

__all__ = ["recorded_measurements"]
