"""Pictures: those that somebody brings, six photographs, and the names of ImageNet's classes."""

from workshop.data.pictures.imagenet import imagenet_history, imagenet_names
from workshop.data.pictures.photographs import load_photographs
from workshop.data.pictures.read import read_picture

__all__ = ["imagenet_history", "imagenet_names", "load_photographs", "read_picture"]
