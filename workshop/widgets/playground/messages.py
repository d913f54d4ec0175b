"""What the playground says in words: its numbers, a loss that is no number, an error."""

import math
import traceback

from workshop.messages import say
from workshop.widgets.playground.choice import Choice
from workshop.widgets.playground.training import LONG, LOW, LOW_FOR, SETTLED

LONGEST = 240  # characters of an error's line
# So many times the loss of the first step, and the steps are plainly too large.
FAR_ABOVE = 5
GOOD = 0.95  # accuracy from which on nobody needs advice
GUESSED = 0.6  # accuracy that is no better than guessing, about
STUCK = 500  # steps without a gain


def number(value: float) -> str:
    """Write a loss or an accuracy, short at any size.

    Args:
        value: the number; NaN and infinity are said as such.

    Returns:
        Three decimals, or two digits and a power of ten.

    Example:
        >>> number(0.69314), number(0.00021), number(12546623.0), number(float("nan"))
        ('0.693', '2.1e-04', '1.3e+07', 'NaN')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return say("infinite")
    return f"{value:.3f}" if value == 0 or 0.001 <= abs(value) < 1000 else f"{value:.1e}"


def share(value: float) -> str:
    """Write an accuracy; a dash where there are no points.

    Args:
        value: 0 to 1, or NaN.

    Returns:
        Three decimals.

    Example:
        >>> share(0.5), share(float("nan"))
        ('0.500', '-')
    """
    return "-" if math.isnan(value) else f"{value:.3f}"


def test_loss(training) -> str:
    """Write the loss on the points for testing; a dash where there are none.

    Args:
        training: a `Training`.
    """
    return number(training.test_loss) if training.cloud.tested.any() else "-"


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
    named = {
        "units": ", ".join(map(str, choice.hidden_units)),
        **choice._asdict(),
        "cloud": choice.cloud
        if not choice.noise
        else say("{cloud} with noise {noise:g}", **choice._asdict()),
    }
    if not choice.hidden_units:
        return say("{cloud}, no hidden layer, learning rate {learning_rate:g}", **named)
    return say(
        "{cloud}, hidden units {units} ({activation}), learning rate {learning_rate:g}", **named
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


def ended(training, choice: Choice) -> str:
    """Say why a training stopped by itself.

    Args:
        training: a `Training` whose `ending.why` is not empty.
        choice: the settings.

    Returns:
        The reason, and that it can go on.
    """
    why, fields = training.ending.why, {"accuracy": training.accuracy}
    if why == "converged":
        return say(
            "Converged: the loss has stayed below {low:g} for {steps} steps. Press Run to go on.",
            **{"low": LOW, "steps": LOW_FOR},
        )
    if why == "long":
        return say("Paused after {steps:,} steps. Press Run to go on.", steps=LONG)
    fields["steps"] = SETTLED
    if too_large := _too_large(training, choice):
        return say(
            "{reason} It has stopped: no gain for {steps:,} steps.", reason=too_large, **fields
        )
    if training.accuracy < GUESSED:
        return say(
            "Stuck: after {steps:,} steps without a gain {accuracy:.0%} of the points are right, "
            "and guessing gets half. Choose other settings, or press Run to go on.",
            **fields,
        )
    return say(
        "Settled: in {steps:,} steps the loss has fallen by less than 1 %. Press Run to go on.",
        **fields,
    )


def note(training, choice: Choice) -> str:
    """Say that the steps are too large, or that nothing moves.

    Args:
        training: a `Training`.
        choice: the settings.

    Returns:
        A sentence, empty when all is well.
    """
    if not training.step_count or not math.isfinite(training.loss):
        return ""
    if too_large := _too_large(training, choice):
        return too_large
    if training.ending.stale >= STUCK and training.accuracy < GUESSED:
        return say(
            "Stuck so far: {accuracy:.0%} of the points are right, and guessing gets half.",
            accuracy=training.accuracy,
        )
    return ""


def _too_large(training, choice):
    fields = {
        "first": number(training.first),
        "last": number(training.loss),
        "rate": choice.learning_rate,
        "step": training.peak[0],
        "peak": number(training.peak[1]),
        "accuracy": training.accuracy,
    }
    if training.loss >= FAR_ABOVE * training.first:
        return say(
            "The loss grew from {first} at the first step to {last}. The steps are too large: try "
            "a learning rate below {rate:g}.",
            **fields,
        )
    if training.peak[1] >= FAR_ABOVE * training.first and training.accuracy < GOOD:
        return say(
            "The loss leapt from {first} to {peak} at step {step}, and {accuracy:.0%} of the "
            "points are right now. The steps are too large: try a learning rate below {rate:g}.",
            **fields,
        )
    return ""


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
