"""Helpers of the TensorFlow workshop: data, plots, widgets, checks."""
