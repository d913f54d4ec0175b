"""What the playground says in words: its numbers, a loss that is no number, an error."""

import math
import traceback

from workshop.messages import say
from workshop.widgets.playground.choice import Choice

LONGEST = 240  # characters of an error's line
# So many times the loss of the first step, and the steps are plainly too large.
FAR_ABOVE = 5


def number(value: float) -> str:
    """Write a loss or an accuracy, short at any size.

    Args:
        value: the number; NaN and infinity are said as such.

    Returns:
        Three decimals, or two digits and a power of ten.

    Example:
        >>> number(0.69314), number(12546623.0), number(float("nan"))
        ('0.693', '1.3e+07', 'NaN')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return say("infinite")
    return f"{value:.3f}" if abs(value) < 1000 else f"{value:.1e}"


def settings(choice: Choice) -> str:
    """Say the settings in one line.

    Args:
        choice: the settings.

    Returns:
        Such as "spirals, hidden units 16, 16 (relu), learning rate 0.01".

    Example:
        >>> settings(Choice("rings", hidden_units=()))
        'rings, no hidden layer, learning rate 0.01'
    """
    if not choice.hidden_units:
        return say("{cloud}, no hidden layer, learning rate {learning_rate:g}", **choice._asdict())
    return say(
        "{cloud}, hidden units {units} ({activation}), learning rate {learning_rate:g}",
        **{"units": ", ".join(map(str, choice.hidden_units)), **choice._asdict()},
    )


def not_a_number(step: int, loss: float, choice: Choice) -> str:
    """Explain a loss that is NaN or infinite.

    Args:
        step: where it happened.
        loss: its value there.
        choice: the settings it happened with.

    Returns:
        What happened, why, and what to change.

    Example:
        >>> not_a_number(6, float("nan"), Choice("rings", learning_rate=100.0))[:58]
        'The loss is NaN (not a number) at step 6, so the training '
    """
    fields = {"step": step, "rate": choice.learning_rate}
    if math.isnan(loss):
        happened = say(
            "The loss is NaN (not a number) at step {step}, so the training has stopped. The steps "
            "were so large that the weights, or the outputs of a layer, grew past the largest "
            "number that a float32 can hold; no later step repairs that.",
            **fields,
        )
    else:
        happened = say(
            "The loss is infinite at step {step}, so the training has stopped. The steps were so "
            "large that the weights, or the outputs of a layer, grew past the largest number that "
            "a float32 can hold; no later step repairs that.",
            **fields,
        )
    if choice.hidden_units and choice.activation != "tanh":
        advice = say(
            "Choose a learning rate below {rate:g}, or tanh, whose outputs stay between -1 and 1, "
            "and run again: the model starts with new weights.",
            **fields,
        )
    else:
        advice = say(
            "Choose a learning rate below {rate:g}, and run again: the model starts with new "
            "weights.",
            **fields,
        )
    return f"{happened} {advice}"


def far_above(history: dict, choice: Choice) -> str:
    """Say that the loss has grown instead of fallen.

    Args:
        history: the lists "step" and "loss".
        choice: the settings.

    Returns:
        A sentence, empty when all is well.

    Example:
        >>> far_above({"step": [1, 20], "loss": [0.7, 0.6]}, Choice("rings"))
        ''
    """
    losses = history["loss"]
    if not losses or not math.isfinite(losses[-1]) or losses[-1] < FAR_ABOVE * losses[0]:
        return ""
    return say(
        "The loss grew from {first} at the first step to {last}. The steps are too large: try a "
        "learning rate below {rate:g}.",
        **{"first": number(losses[0]), "last": number(losses[-1]), "rate": choice.learning_rate},
    )


def error(problem: Exception, build_model) -> str:
    """Say what the learner's function, or Keras inside it, raised.

    Args:
        problem: what was raised.
        build_model: the learner's function, to find its line.

    Returns:
        The last line of the error, where in the function it happened, and what to do.

    Example:
        >>> error(NameError("name 'kears' is not defined"), None)[:50]
        "NameError: name 'kears' is not defined. Correct bu"
    """
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    said = f"{type(problem).__name__}: {lines[0]}" if lines else type(problem).__name__
    said = said if len(said) <= LONGEST else f"{said[:LONGEST]} ..."
    file = getattr(getattr(build_model, "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(problem.__traceback__)
    inside = [frame for frame in frames if frame.filename == file and frame.line]
    if not inside:
        return say(
            "{error}. Correct build_model and run its cell, then run the cell that makes the "
            "playground. Or choose other settings.",
            error=said.rstrip("."),
        )
    return say(
        "{error} (in the line `{line}`). Correct build_model and run its cell, then run the cell "
        "that makes the playground. Or choose other settings.",
        **{"error": said, "line": inside[-1].line},
    )
