"""Right and wrong answers to the exercises of lesson 07."""

from types import SimpleNamespace

import numpy as np
import pytest
from answers import Answers

from workshop.checks import model_life as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")


def diagnose_by_questions(losses, val_losses):
    if val_losses[-1] > 1.1 * min(val_losses):
        return "overfitting"
    if losses[-1] > 0.5:
        return "underfitting"
    return "good"


def diagnose_by_ratio(losses, val_losses):
    turned = val_losses[-1] / np.min(val_losses) > 1.1
    return "overfitting" if turned else ("good", "underfitting")[int(losses[-1] > 0.5)]


def diagnose_in_the_other_order(losses, val_losses):
    if losses[-1] > 0.5:
        return "underfitting"
    return "overfitting" if val_losses[-1] > 1.1 * min(val_losses) else "good"


def diagnose_by_the_gap(losses, val_losses):
    if val_losses[-1] > 1.1 * losses[-1]:
        return "overfitting"
    return "underfitting" if losses[-1] > 0.5 else "good"


def diagnose_any_rise(losses, val_losses):
    if val_losses[-1] > min(val_losses):
        return "overfitting"
    return "underfitting" if losses[-1] > 0.5 else "good"


def diagnose_by_the_lowest_training_loss(losses, val_losses):
    if val_losses[-1] > 1.1 * min(val_losses):
        return "overfitting"
    return "underfitting" if min(losses) > 0.5 else "good"


def diagnose_prints(losses, val_losses):
    print(diagnose_by_questions(losses, val_losses))


def resume_by_question(manager, checkpoint):
    if manager.latest_checkpoint is None:
        return 0
    checkpoint.restore(manager.latest_checkpoint)
    return int(checkpoint.step)


def resume_without_question(manager, checkpoint):
    checkpoint.restore(manager.latest_checkpoint)
    return checkpoint.step


def resume_by_the_manager(manager, checkpoint):
    manager.restore_or_initialize()
    return checkpoint.step.numpy()


def resume_and_forget_to_restore(manager, checkpoint):
    if manager.latest_checkpoint:
        return int(checkpoint.step)
    return 0


def resume_by_the_name(manager, checkpoint):
    if manager.latest_checkpoint is None:
        return 0
    checkpoint.restore(manager.latest_checkpoint)
    return int(manager.latest_checkpoint.split("-")[-1])


def resume_from_the_first(manager, checkpoint):
    if not manager.checkpoints:
        return 0
    checkpoint.restore(manager.checkpoints[0])
    return int(checkpoint.step)


def resume_with_the_path(manager, checkpoint):
    if not manager.checkpoints:
        return 0
    checkpoint.restore(manager.latest_checkpoint)
    return manager.latest_checkpoint


def resume_before_restoring(manager, checkpoint):
    step = int(checkpoint.step)
    checkpoint.restore(manager.latest_checkpoint)
    return step


def resume_without_a_first_start(manager, checkpoint):
    if manager.latest_checkpoint:
        checkpoint.restore(manager.latest_checkpoint)
        return int(checkpoint.step)


def stop_by_distance(val_losses, patience):
    best = 0
    for place, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = place
        elif place - best >= patience:
            return place, best
    return len(val_losses) - 1, best


def stop_by_counting(val_losses, patience):
    lowest, best, waited, place = np.inf, 0, 0, 0
    for place, loss in enumerate(val_losses):
        waited += 1
        if loss < lowest:
            lowest, best, waited = loss, place, 0
        if waited == patience:
            break
    return [place, best]


def stop_by_keras(val_losses, patience):
    callback = keras.callbacks.EarlyStopping("val_loss", patience=patience, mode="min")
    callback.set_model(SimpleNamespace(stop_training=False))
    callback.on_train_begin()
    for place, loss in enumerate(val_losses):
        callback.on_epoch_end(place, {"val_loss": loss})
        if callback.model.stop_training:
            break
    return place, callback.best_epoch


def stop_with_the_lowest_of_all(val_losses, patience):
    return stop_by_distance(val_losses, patience)[0], int(np.argmin(val_losses))


def stop_one_too_late(val_losses, patience):
    return stop_by_distance(val_losses, patience + 1)


def stop_counts_rises(val_losses, patience):
    rises = 0
    for place in range(1, len(val_losses)):
        rises = rises + 1 if val_losses[place] > val_losses[place - 1] else 0
        if rises == patience:
            return place, int(np.argmin(val_losses[: place + 1]))
    return len(val_losses) - 1, int(np.argmin(val_losses))


def stop_says_where_alone(val_losses, patience):
    return stop_by_distance(val_losses, patience)[0]


def stop_counts_from_one(val_losses, patience):
    stop, best = stop_by_distance(val_losses, patience)
    return stop + 1, best + 1


def stop_takes_ties_for_better(val_losses, patience):
    best = 0
    for place, loss in enumerate(val_losses):
        if loss <= val_losses[best]:
            best = place
        elif place - best >= patience:
            return place, best
    return len(val_losses) - 1, best


def stop_or_nothing(val_losses, patience):
    stop, best = stop_by_distance(val_losses, patience)
    if stop - best >= patience:
        return stop, best


RIGHT = {
    checks.diagnose: [diagnose_by_questions, diagnose_by_ratio],
    checks.start_or_resume: [resume_by_question, resume_without_question, resume_by_the_manager],
    checks.stop_at: [stop_by_distance, stop_by_counting, stop_by_keras],
}
WRONG = {
    checks.diagnose: [
        (diagnose_in_the_other_order, "expected 'overfitting', got 'underfitting'"),
        (diagnose_by_the_gap, "expected 'good', got 'overfitting'"),
        (diagnose_any_rise, "expected 'good', got 'overfitting'"),
        (diagnose_by_the_lowest_training_loss, "expected 'underfitting', got 'good'"),
        (diagnose_prints, "got None"),
    ],
    checks.start_or_resume: [
        (resume_and_forget_to_restore, "Is the checkpoint restored?"),
        (resume_by_the_name, "expected 40, got 1"),
        (resume_from_the_first, "the weights that start_or_resume left after a save at step 80"),
        (resume_with_the_path, "expected the step, a number"),
        (resume_before_restoring, "expected 40, got 0"),
        (resume_without_a_first_start, "gave None"),
    ],
    checks.stop_at: [
        (stop_with_the_lowest_of_all, "values are off"),
        (stop_one_too_late, "values are off"),
        (stop_counts_rises, "values are off"),
        (stop_says_where_alone, "expected two positions"),
        (stop_counts_from_one, "count from 0"),
        (stop_takes_ties_for_better, "values are off"),
        (stop_or_nothing, "gave None"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


SAVE_S, FAILURE_S = 0.5, 3600


@pytest.mark.parametrize("answer", [60, np.sqrt(2 * 0.5 * 3600), 120.0])
def test_a_plan_passes_and_is_told_its_price(answer):
    outcome = checks.my_plan(answer, SAVE_S, FAILURE_S)
    assert outcome.passed, outcome
    assert "the least is 1.67%" in outcome.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (5, "Too much goes into saving"),
        (3600, "Too much goes into failures"),
        (0.1, "nothing gets trained"),
        (0, "nothing gets trained"),
        (float("nan"), "nothing gets trained"),
        ("every minute", "a number of seconds"),
        (None, "a number of seconds"),
    ],
)
def test_other_plans_are_told_why(answer, says):
    outcome = checks.my_plan(answer, SAVE_S, FAILURE_S)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_no_plan_is_not_attempted():
    assert checks.my_plan(..., SAVE_S, FAILURE_S).status == "not attempted"
