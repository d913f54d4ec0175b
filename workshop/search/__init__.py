"""Many evaluations: in worker processes of the learner's script, and on a table of results."""

from workshop.search.replays import replays, shortest
from workshop.search.workers import Workers, answer

__all__ = ["Workers", "answer", "replays", "shortest"]
