"""A pad to draw a digit on, which a model reads."""

from workshop.widgets.digit_pad.widget import DigitPad

__all__ = ["DigitPad"]
