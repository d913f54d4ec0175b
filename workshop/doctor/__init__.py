"""What is here, what is missing, and what to do about it: the page of `workshop doctor`."""

from workshop.doctor.examine import examine
from workshop.doctor.finding import Finding

__all__ = ["Finding", "examine"]
