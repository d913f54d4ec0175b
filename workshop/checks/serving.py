"""Checks of lesson 11: an export held to `predict`, a client, a release, a percentile, a choice."""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.checks.serving_oracle import StrictServer, WatchedFolder, models_with_a_trap
from workshop.messages import say

WORDS = "Servable not found for request: Latest(letters)"
# The target of the last exercise: how many times the shortest p50 a lone client may wait.
LONE, CROWD = 1, 32
MOST_WAIT = 5.0
# For each table, by wait_ms: p50 of a lone client, and the rate of a crowd.
TABLES = (
    ({0: 1.0, 2: 3.1, 10: 11.2}, {0: 2500.0, 2: 2700.0, 10: 3900.0}),
    ({0: 1.0, 2: 3.1, 10: 11.2}, {0: 2600.0, 2: 2500.0, 10: 3900.0}),
    ({0: 30.0, 2: 32.0, 10: 41.0}, {0: 500.0, 2: 700.0, 10: 800.0}),
    ({0: 2.0, 2: 4.5, 10: 10.0}, {0: 900.0, 2: 800.0, 10: 1000.0}),  # five times, to the dot
    ({0: 2.0, 2: 12.0, 10: 9.0}, {0: 900.0, 2: 1200.0, 10: 1000.0}),
)


@exercise("11-1")
def export_as_predicted(answer: Callable) -> str:
    """Check a function that exports a model whose preprocessing hides a trap.

    answer: function of a Keras model of one input and a folder; writes a SavedModel that answers
    as `predict` does, for any batch, and calls its input "pixels".
    """
    for number, (model, inputs) in enumerate(models_with_a_trap()):
        right, weights = model.predict(inputs, verbose=0), model.get_weights()
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "1"
            answer(model, folder)
            if not all(map(np.array_equal, weights, model.get_weights())):
                not_yet(
                    "The model that you were given has other weights now. Was it called in "
                    "training mode?"
                )
            ask = _signature(folder, inputs.shape[1:])
            for size in (len(inputs), 1):
                came = np.asarray(ask(inputs[:size]))
                what = say(
                    "the file of model {number}, asked {size} at a time, beside predict",
                    **{"number": number, "size": size},
                )
                compare(came, right[:size], what=what)
    return say("The file answers as predict does, alone and in a batch.")


def _signature(folder: Path, shape: tuple[int, ...]) -> Callable:
    """Open what was exported, and look at its input."""
    import tensorflow as tf

    if not (folder / "saved_model.pb").is_file():
        not_yet("Expected a SavedModel in the folder that was given; there is no saved_model.pb.")
    opened = tf.saved_model.load(str(folder)).signatures["serving_default"]
    given = opened.structured_input_signature[1]
    if list(given) != ["pixels"]:
        not_yet(
            "Expected one input with the name {expected}, got {got}.",
            **{"expected": ["pixels"], "got": list(given)},
        )
    if tuple(given["pixels"].shape) != (None, *shape):
        not_yet(
            "Expected an input of shape {expected}, as the model has, got {got}.",
            **{"expected": (None, *shape), "got": tuple(given["pixels"].shape)},
        )

    def ask(inputs: np.ndarray) -> object:
        (output,) = opened(pixels=tf.constant(inputs)).values()
        return output

    return ask


@exercise("11-2")
def read(answer: Callable) -> str:
    """Check a client of TensorFlow Serving's REST API, against a server that is none.

    answer: function of images `(n, 28, 28)` and of `ask`, which takes a body and gives a status and
    a text; to the digits `(n,)`. Raises with the server's words where the status is not 200.
    """
    rng = np.random.default_rng(11)
    for images in (
        rng.integers(0, 256, (1, 28, 28), dtype=np.uint8),
        rng.integers(0, 256, (5, 28, 28), dtype=np.uint8),
        rng.uniform(0, 255, (3, 28, 28)).astype("float32"),
    ):
        logits = rng.normal(size=(len(images), 10))
        probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        server = StrictServer(images, probabilities)
        try:
            came = answer(images, server.ask)
        except Exception:
            server.tell_fault()  # the cause of what was raised
            raise
        server.tell_fault()
        if not server.asked:
            not_yet("`ask` was never called: nothing reached the server.")
        what = say("read(images {shape} {kind}, ask)", shape=images.shape, kind=images.dtype.name)
        compare(came, probabilities.argmax(axis=1), what=what)
    _refused(answer, images)
    return say("The server understands the question, and you its answer, a refusal too.")


def _refused(answer: Callable, images: np.ndarray) -> None:
    """Let the server refuse; its words must come through."""
    try:
        came = answer(images, lambda body: (404, json.dumps({"error": WORDS})))
    except Exception as error:  # noqa: BLE001 - which kind is the learner's choice
        if WORDS in str(error):
            return
        not_yet(
            "The server answered 404 with the words {words!r}; your error says {got!r}. It "
            "should tell the reader why.",
            **{"words": WORDS, "got": f"{type(error).__name__}: {error}"},
        )
    not_yet(
        "The server answered 404 with the words {words!r}, and your function gave {got!r}. "
        "Expected an error.",
        **{"words": WORDS, "got": came},
    )


@exercise("11-3")
def publish(answer: Callable) -> str:
    """Check a function that adds a version to a folder that a server watches.

    answer: function of a folder with a SavedModel and of the folder of versions; copies the one to
    the next number in the other, so that it is never seen half, and gives the number.
    """
    for before in (["1", "2"], [], ["9", "10", "notes.txt", "12.old"], ["3", "4.tmp", "tmp"]):
        what = say("With the entries {entries}", entries=before)
        with tempfile.TemporaryDirectory() as place:
            folder = WatchedFolder(Path(place), before)
            came = folder.call(answer)
            if not folder.is_untouched():
                not_yet("{what}: the export itself is gone or changed. Copy it.", what=what)
            _judge_versions(folder.versions(), folder.expected, what)
        if folder.between:
            _name_the_half(folder.between[0], folder.expected, what)
        compare(came, folder.number, what=say("{what}: the number", what=what))
    return say("A reader sees the old versions, or the new one whole; never half of it.")


def _judge_versions(now: Mapping[str, Mapping], expected: Mapping[str, Mapping], what: str) -> None:
    if now.keys() != expected.keys():
        not_yet(
            "{what}: expected the versions {expected} afterwards, got {got}.",
            **{"what": what, "expected": _numbers(expected), "got": _numbers(now)},
        )
    for name, files in expected.items():
        if now[name] != files:
            not_yet(
                "{what}: version {name} has the files {got} afterwards; expected {expected}, each "
                "with what was in it.",
                **{"what": what, "name": name, "got": sorted(now[name]), "expected": sorted(files)},
            )


def _name_the_half(now: Mapping[str, Mapping], expected: Mapping[str, Mapping], what: str) -> None:
    for name in now.keys() & expected.keys():
        if now[name] != expected[name]:
            not_yet(
                "{what}: there was a moment in which version {name} had {got} of {all} files, or "
                "not all of one. A server that looked then would have served a half.",
                **{"what": what, "name": name, "got": len(now[name]), "all": len(expected[name])},
            )
    not_yet(
        "{what}: there was a moment in which the versions were {got}. What is served must stay.",
        **{"what": what, "got": _numbers(now)},
    )


def _numbers(versions: Mapping[str, Mapping]) -> list[int]:
    return sorted(map(int, versions))


@exercise("11-4")
def percentile(answer: Callable) -> str:
    """Check the percentile of some measured times, also of few.

    answer: function of times and of a whole percentage, 1 to 100, to the smallest of the times
    that at least so many percent of them do not exceed.
    """
    rng = np.random.default_rng(11)
    few = [float(one) for one in (31, 12, 55, 12, 20, 18, 90, 14, 13, 16)]
    many = np.round(rng.lognormal(3, 0.5, 200), 2)
    for times, percents in (
        (few, (50, 90, 91, 99, 1)),
        ([7.0], (50, 99)),
        (many, (50, 95, 99, 100)),
    ):
        for percent in percents:
            came = answer(times, percent)
            in_order = sorted(times)
            expected = in_order[-(-percent * len(times) // 100) - 1]
            shown = str(few) if times is few else say("{n} times", n=len(times))
            what = say("percentile({times}, {percent})", times=shown, percent=percent)
            _judge_time(came, times, what)
            compare(came, expected, what=what)
    return say("Of ten requests p99 is the slowest: it takes a few hundred to say more.")


def _judge_time(came: object, times: object, what: str) -> None:
    if isinstance(came, int | float | np.number) and not np.isclose(came, times).any():
        not_yet("{what}: got {got:.6g}, a time that no request took.", what=what, got=came)


@exercise("11-5")
def choose(answer: Callable, mind: object, waits: Sequence[Mapping]) -> str:
    """Check a function that chooses among settings by what was measured of them.

    answer: function of rows with "wait_ms", "clients", "p50" in ms and "rate" per second; to the
    "wait_ms" with the best rate of 32 clients, where p50 of a lone one is within the limit.
    mind: what would change the choice.
    waits: the learner's own rows.
    """
    for lone, rates in TABLES:
        rows = [
            {"wait_ms": wait, "clients": clients, "p50": p50, "rate": rate}
            for wait in (10, 0, 2)
            for clients, p50, rate in (
                (CROWD, 40.0 - wait, rates[wait]),
                (8, 20.0 - wait, 9000.0 + 100 * wait),
                (LONE, lone[wait], 5000.0 - 10 * wait),
            )
        ]
        _judge_choice(answer(rows), lone, rates)
    chosen = answer(waits)
    lone, rates = _by_wait(waits, LONE, "p50"), _by_wait(waits, CROWD, "rate")
    _judge_choice(chosen, lone, rates)
    said = say(
        "With a wait of {wait:g} ms {crowd} clients get {rate:.0f} answers per second here, and a "
        "lone one has its own after {lone:.1f} ms.",
        **{"wait": chosen, "crowd": CROWD, "rate": rates[chosen], "lone": lone[chosen]},
    )
    reason(mind, "{said} Now say in `my_mind` what would change your mind.", said=said)
    return said


def _by_wait(rows: Sequence[Mapping], clients: int, name: str) -> dict[float, float]:
    return {row["wait_ms"]: row[name] for row in rows if row["clients"] == clients}


def _judge_choice(came: object, lone: Mapping[float, float], rates: Mapping[float, float]) -> None:
    """Hold a choice against the target: most answers for the crowd, within the lone one's limit."""
    table = say(
        "A lone client's p50 by wait_ms is {lone}, 32 clients' rate {rates}.",
        lone=lone,
        rates=rates,
    )
    if came is None:
        not_yet("{table} `choose` gave None. Where is its `return`?", table=table)
    if isinstance(came, bool) or came not in list(lone):
        not_yet(
            "{table} Expected one of {choices}, got {got!r}.",
            **{"table": table, "choices": sorted(lone), "got": came},
        )
    limit = MOST_WAIT * min(lone.values())
    if lone[came] > limit:
        not_yet(
            "{table} You chose {got}: its lone client waits {p50:g} ms, and {limit:g} are allowed.",
            **{"table": table, "got": came, "p50": lone[came], "limit": limit},
        )
    best = max(rates[wait] for wait in lone if lone[wait] <= limit)
    if rates[came] < best:
        not_yet(
            "{table} You chose {got}, with {rate:g} answers per second; within the limit {best:g} "
            "can be had.",
            **{"table": table, "got": came, "rate": rates[came], "best": best},
        )
