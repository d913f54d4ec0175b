"""When the devices of a pipeline work, given the order of what each of them does."""

from workshop.messages import say

LENGTHS = {"F": 1, "B": 2}  # backward takes about twice as long as forward
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Stuck(Exception):
    """A device waits for what never comes."""

    def __init__(self, device: int, kind: str, number: int):
        """Name the task that can't begin."""
        super().__init__(say("device {device} can't begin", device=device))
        self.device, self.kind, self.number = device, kind, number


def simulate(orders: list[list[tuple[str, int]]]) -> list[dict[tuple[str, int], tuple[int, int]]]:
    """Find out when each device does what, if each begins as early as it can.

    Forward of a micro-batch needs forward on the device before; backward needs backward on the
    device behind, on the last one its own forward. Sending takes no time.

    Args:
        orders: for each device what it does, in this order: `("F", k)` or `("B", k)`.

    Returns:
        For each device, start and end of each task.

    Raises:
        Stuck: a device waits for what never comes.

    Example:
        >>> simulate([[("F", 0), ("B", 0)], [("F", 0), ("B", 0)]])[0]
        {('F', 0): (0, 1), ('B', 0): (4, 6)}
    """
    spans: list[dict] = [{} for _ in orders]
    left, clocks = [list(order) for order in orders], [0] * len(orders)
    while any(left):
        waiting = sum(map(len, left))
        for device, order in enumerate(left):
            while order and (ready := _ready(spans, device, *order[0])) is not None:
                start = max(clocks[device], ready)
                clocks[device] = start + LENGTHS[order[0][0]]
                spans[device][order.pop(0)] = start, clocks[device]
        if sum(map(len, left)) == waiting:
            device = next(device for device, order in enumerate(left) if order)
            raise Stuck(device, *left[device][0])
    return spans


def _ready(spans: list[dict], device: int, kind: str, number: int) -> int | None:
    """Say when what a task needs is done; None where it isn't yet."""
    needs = []
    if kind == "F" and device:
        needs = [(device - 1, "F")]
    elif kind == "B":
        needs = [(device, "F")] + [(device + 1, "B")] * (device + 1 < len(spans))
    ends = [spans[where].get((what, number), (0, None))[1] for where, what in needs]
    return None if None in ends else max(ends, default=0)


def drawn(spans: list[dict[tuple[str, int], tuple[int, int]]]) -> str:
    """Draw the devices' work in letters, a line for each: forward as digits, backward as letters.

    Args:
        spans: as `simulate` gives them.

    Returns:
        Lines of equal length; a dot is a unit of waiting.

    Example:
        >>> print(drawn(simulate([[("F", 0), ("B", 0)], [("F", 0), ("B", 0)]])))
        device 0  0...aa
        device 1  .0aa..
    """
    last = max((end for device in spans for _, end in device.values()), default=0)
    lines = []
    for number, device in enumerate(spans):
        line = ["."] * last
        for (kind, k), (start, end) in device.items():
            sign = str(k % 10) if kind == "F" else LETTERS[k % len(LETTERS)]
            line[start:end] = [sign] * (end - start)
        lines.append(f"device {number}  {''.join(line)}")
    return "\n".join(lines)
