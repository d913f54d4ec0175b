"""Checks that answer the learner: one module a lesson, one function an exercise."""

from workshop.checks.engine import CheckFailed
from workshop.checks.expect import expect
from workshop.checks.outcome import Outcome

__all__ = ["CheckFailed", "Outcome", "expect"]
