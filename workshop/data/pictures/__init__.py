"""Pictures: those that somebody brings, photographs, drawings, and the names of ImageNet."""

from workshop.data.pictures.emoji import Emoji, load_emoji
from workshop.data.pictures.imagenet import imagenet_history, imagenet_names
from workshop.data.pictures.photographs import load_photographs
from workshop.data.pictures.read import read_picture

__all__ = [
    "Emoji",
    "imagenet_history",
    "imagenet_names",
    "load_emoji",
    "load_photographs",
    "read_picture",
]
