"""A drawing or a photograph becomes a digit as MNIST has them."""

from workshop.digits.components import NoDigitError
from workshop.digits.ink import digit_from_ink
from workshop.digits.photographs import digit_from_photograph, ink_from_photograph

__all__ = ["NoDigitError", "digit_from_ink", "digit_from_photograph", "ink_from_photograph"]
