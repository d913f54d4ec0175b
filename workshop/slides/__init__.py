"""Slides: a lesson for a room with a projector, in one file that needs no network."""
