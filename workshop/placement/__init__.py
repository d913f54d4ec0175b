"""Operations onto processes: the graph of a traced function, a simulator, and measurements."""

from workshop.placement.graph import Graph, Operation, graph_of, placed
from workshop.placement.machine import Others, hindrance, two_cores
from workshop.placement.measured import busy_rows, judge, measure
from workshop.placement.rules import upward_ranks
from workshop.placement.simulator import Link, Simulator, Span
from workshop.placement.trace import as_written, spans_of, timed

__all__ = [
    "Graph",
    "Link",
    "Operation",
    "Others",
    "Simulator",
    "Span",
    "as_written",
    "busy_rows",
    "graph_of",
    "hindrance",
    "judge",
    "measure",
    "placed",
    "spans_of",
    "timed",
    "two_cores",
    "upward_ranks",
]
