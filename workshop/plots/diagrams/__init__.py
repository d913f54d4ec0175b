"""Diagrams: how a thing is built or works, drawn with its own numbers."""
