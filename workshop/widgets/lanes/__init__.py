"""A lane for each process of a cluster, with a tick for each step."""

from workshop.widgets.lanes.widget import Lanes

__all__ = ["Lanes"]
