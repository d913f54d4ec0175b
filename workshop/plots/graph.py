"""Pictures of a computation: operations as nodes, and tensors as edges."""

from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from workshop.messages import say
from workshop.plots.style import INK, SMALL, WIDTH, axes_of

# The type of an operation that only hands in what comes from outside.
INPUTS = {"Placeholder", "Const", "ReadVariableOp", "VarHandleOp"}
INPUT_STYLE = {"fc": "#fff3d6", "ec": "#8a5a00", "boxstyle": "round,pad=0.45"}
NO_GROUP = {"fc": "white", "ec": "#555555", "boxstyle": "square,pad=0.45"}
STYLES: list[dict[str, Any]] = [
    {"fc": "#dcebfa", "ec": "#1f5c99", "boxstyle": "square,pad=0.45"},
    {"fc": "#e3f3e1", "ec": "#2d6a2d", "boxstyle": "square,pad=0.45", "ls": "--"},
    {"fc": "#f3e1f0", "ec": "#7a2d6a", "boxstyle": "square,pad=0.45", "ls": ":"},
]
INCHES_A_LAYER = 1.18
INCHES_A_ROW = 0.95
INCHES_DOWN = 0.66  # a layer of a graph that goes down


def computation_graph(
    nodes: Mapping[str, str],
    edges: Sequence[tuple[str, str, str]],
    *,
    groups: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a graph in the order of its computation: from left to right, or down where it is long.

    For the operations of a traced function, or any other graph without a cycle. Inputs stand
    right before the operation that needs them; each edge carries its text, usually a shape.

    Args:
        nodes: name of each operation, to its type, such as `{"matmul_1": "MatMul"}`; the type is
            what is shown. For an input (`"Placeholder"`, `"Const"`) the name is shown instead.
        edges: (name of the giver, name of the taker, text on the edge) of each tensor. A second
            line of the text stands under the edge.
        groups: for some or all names, what they belong to, such as a device; up to three groups
            are told apart by colour and by the line around the box, and named in a legend. What
            belongs to none is white.
        ax: where to draw; a new figure of fitting size where it is left out.

    Returns:
        The axes that were drawn on.

    Raises:
        ValueError: no nodes, an edge that names a node that is not there, edges that run in a
            circle, or more than three groups.

    Example:
        >>> ax = computation_graph({"x": "Placeholder", "relu": "Relu"}, [("x", "relu", "(3,)")])
        >>> [text.get_text() for text in ax.texts if text.get_text()]
        ['x', 'Relu', '(3,)']
    """
    groups = groups or {}
    kinds = list(dict.fromkeys(groups.values()))
    if len(kinds) > len(STYLES):
        raise ValueError(
            say("expected at most {most} groups, got {n}", most=len(STYLES), n=len(kinds))
        )
    places = _places(_build(nodes, edges))
    layers, rows = (max(place[axis] for place in places.values()) + 1 for axis in (0, 1))
    goes_down = layers * INCHES_A_LAYER > WIDTH
    if goes_down:
        places = {name: (row, layer) for name, (layer, row) in places.items()}
        ax = axes_of(ax, min(WIDTH, max(3.0, rows * INCHES_A_LAYER * 1.3)), layers * INCHES_DOWN)
        ax.set(xlim=(-0.55, rows - 0.35), ylim=(layers - 0.5, -0.5))
    else:
        ax = axes_of(ax, max(3.0, layers * INCHES_A_LAYER), max(1.6, rows * INCHES_A_ROW))
        ax.set(xlim=(-0.5, layers - 0.5), ylim=(-0.55, rows - 0.35))
    styles = dict(zip(kinds, STYLES, strict=False))
    boxes = {}
    for name, kind in nodes.items():
        is_input = kind in INPUTS
        style = styles.get(groups.get(name), NO_GROUP) if groups else STYLES[0]
        boxes[name] = ax.text(
            *places[name],
            name if is_input else kind,
            bbox=INPUT_STYLE if is_input else style,
            **{"ha": "center", "va": "center", "size": 10, "zorder": 3},
        ).get_bbox_patch()
    _draw_edges(ax, edges, places, boxes, goes_down=goes_down)
    if kinds:
        looks = [(style["fc"], style["ec"], style.get("ls", "-")) for style in styles.values()]
        marks = [Patch(fc=fc, ec=ec, ls=line) for fc, ec, line in looks]
        place = "lower right" if goes_down else "upper right"
        ax.legend(marks, kinds, loc=place, fontsize=SMALL)
    ax.axis("off")
    return ax


def _build(nodes: Mapping[str, str], edges: Sequence[tuple[str, str, str]]) -> nx.DiGraph:
    """Make the graph, or say what is wrong with it."""
    if not nodes:
        raise ValueError(say("expected at least one operation among the nodes, got none"))
    graph = nx.DiGraph()
    graph.add_nodes_from(nodes)
    for giver, taker, _ in edges:
        for name in (giver, taker):
            if name not in nodes:
                raise ValueError(
                    say(
                        "expected edges between the nodes {nodes}, got one of {name!r}; add it to "
                        "the nodes, or leave the edge out",
                        **{"nodes": list(nodes), "name": name},
                    )
                )
        graph.add_edge(giver, taker)
    if not nx.is_directed_acyclic_graph(graph):
        circle = " -> ".join(giver for giver, _ in nx.find_cycle(graph))
        raise ValueError(
            say(
                "expected edges that run in no circle, got {circle}: no order of computing exists",
                circle=circle,
            )
        )
    return graph


def _places(graph: nx.DiGraph) -> dict[str, tuple[float, float]]:
    """Give each node a column (when it can be computed) and a row."""
    column = {}
    for layer, names in enumerate(nx.topological_generations(graph)):
        column.update(dict.fromkeys(names, layer))
    # What needs nothing waits beside its first taker rather than at the far left.
    for name in graph:
        if graph.in_degree(name) == 0 and graph.out_degree(name) > 0:
            column[name] = min(column[taker] for taker in graph.successors(name)) - 1
    places: dict[str, tuple[float, float]] = {}
    for layer in sorted(set(column.values())):
        here = [name for name in graph if column[name] == layer]
        computed = [name for name in here if graph.in_degree(name) > 0]
        waiting = [name for name in here if name not in computed]
        for name, row in _rows(graph, computed + waiting, places).items():
            places[name] = (float(layer), float(row))
    return places | _in_the_middle(graph, places)


def _rows(graph: nx.DiGraph, here: list[str], places: Mapping) -> dict[str, int]:
    """Give each node of a column a row: that of its only giver, or the next one that is free."""
    rows: dict[str, int] = {}
    for name in here:
        givers = list(graph.predecessors(name))
        row = int(places[givers[0]][1]) if len(givers) == 1 else 0
        if len(givers) == 1 and row not in rows.values():
            rows[name] = row
    for name in here:
        if name not in rows:
            rows[name] = next(k for k in range(len(here)) if k not in rows.values())
    return rows


def _in_the_middle(graph: nx.DiGraph, places: Mapping) -> dict[str, tuple[float, float]]:
    """Give those that are alone in their column a place in the middle of four paths or more."""
    columns = [layer for layer, _ in places.values()]
    middles = {}
    for name, (layer, _) in places.items():
        for near in (list(graph.successors(name)), list(graph.predecessors(name))):
            if columns.count(layer) == 1 and len(near) > 3:
                rows = [places[one][1] for one in near]
                middles[name] = (layer, (min(rows) + max(rows)) / 2)
    return middles


def _draw_edges(
    ax: Axes, edges: Sequence, places: Mapping, boxes: Mapping, *, goes_down: bool
) -> None:
    look: dict = {"va": "center", "size": SMALL, "color": INK, "zorder": 5}
    for giver, taker, label in edges:
        (x, y), (to_x, to_y) = places[giver], places[taker]
        is_straight = x == to_x if goes_down else y == to_y
        far = to_y - y if goes_down else to_x - x
        # A tensor that skips a layer goes around what stands between.
        bend = 0 if far <= 1 else -0.3 if is_straight else 0.2 * (to_y - y > 1)
        arrow = {"arrowstyle": "-|>", "color": "#555555", "lw": 1.2, "mutation_scale": 13}
        arrow |= {"patchA": boxes[giver], "patchB": boxes[taker], "shrinkA": 1, "shrinkB": 2}
        # Drawn after the boxes: only then does matplotlib know where these end.
        arrow["connectionstyle"] = f"arc3,rad={bend}"
        ax.annotate("", xy=(to_x, to_y), xytext=(x, y), zorder=4, arrowprops=arrow)
        aside = -bend * far / 2
        if goes_down or not is_straight:
            below = 0.15 if goes_down and not is_straight else 0
            right = 0.2 if "\n" in label else 0.1
            place = (x + to_x) / 2 + right + aside, (y + to_y) / 2 + below
            ax.text(*place, label, ha="left", **look)
        else:
            place = (x + to_x) / 2, (y + to_y) / 2 + 0.2 + aside
            over, _, under = label.partition("\n")
            ax.text(*place, over, ha="center", **look)
            if under:
                ax.text(place[0], place[1] - 0.4, under, ha="center", **look)
