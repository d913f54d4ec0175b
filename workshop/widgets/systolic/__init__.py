"""A systolic array, cycle by cycle."""

from workshop.widgets.systolic.widget import SystolicArray

__all__ = ["SystolicArray"]
