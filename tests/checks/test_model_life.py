"""Right and wrong answers to the exercises of lesson 07."""

import tempfile
from pathlib import Path
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


def diagnose_of_lists(losses, val_losses):
    lowest = sorted(val_losses)[0]
    if not losses or val_losses.index(lowest) < 0:
        return "no data"
    *_, last = val_losses
    words = {True: "overfitting", False: "underfitting" if losses[-1] > 0.5 else "good"}
    return words[last > 1.1 * lowest]


def diagnose_of_arrays(losses, val_losses):
    if val_losses[-1] > val_losses.min() * 1.1:
        return "overfitting"
    return "underfitting" if losses[-1] > 0.5 else "good"


def diagnose_by_numpy(losses, val_losses):
    turned = np.asarray(val_losses)[-1] > 1.1 * np.min(val_losses)
    high = np.asarray(losses)[-1] > 0.5
    return np.select([turned, high], ["overfitting", "underfitting"], "good").item()


def diagnose_by_tensorflow(losses, val_losses):
    values = tf.constant(val_losses, tf.float64)
    if values[-1] > 1.1 * tf.reduce_min(values):
        return "overfitting"
    return "underfitting" if losses[len(losses) - 1] > 0.5 else "good"


def diagnose_in_one_line(losses, val_losses):
    return (
        "overfitting"
        if val_losses[-1] / min(val_losses) > 1.1
        else "underfitting"
        if losses[-1] > 0.5
        else "good"
    )


def diagnose_from_the_limit_on(losses, val_losses):
    if val_losses[-1] > 1.1 * min(val_losses):
        return "overfitting"
    return "underfitting" if losses[-1] >= 0.5 else "good"


def diagnose_from_the_other_limit_on(losses, val_losses):
    if val_losses[-1] >= 1.1 * min(val_losses):
        return "overfitting"
    return "underfitting" if losses[-1] > 0.5 else "good"


def diagnose_by_the_validation_loss(losses, val_losses):
    if val_losses[-1] > 1.1 * min(val_losses):
        return "overfitting"
    return "underfitting" if val_losses[-1] > 0.5 else "good"


def diagnose_two_words(losses, val_losses):
    words = ["overfitting"] if val_losses[-1] > 1.1 * min(val_losses) else []
    return words + (["underfitting"] if losses[-1] > 0.5 else []) or "good"


def diagnose_in_capitals(losses, val_losses):
    return diagnose_by_questions(losses, val_losses).capitalize()


def diagnose_by_the_first(losses, val_losses):
    if val_losses[-1] > 1.1 * val_losses[0]:
        return "overfitting"
    return "underfitting" if losses[-1] > 0.5 else "good"


def resume_by_reading(manager, checkpoint):
    if newest := manager.latest_checkpoint:
        checkpoint.read(newest)
    return checkpoint.step.numpy().item()


def resume_by_the_folder(manager, checkpoint):
    newest = tf.train.latest_checkpoint(manager.directory)
    if newest:
        checkpoint.restore(newest).assert_existing_objects_matched()
        return int(tf.train.load_variable(newest, "step/.ATTRIBUTES/VARIABLE_VALUE"))
    return 0


def resume_by_the_list(manager, checkpoint):
    for path in manager.checkpoints[-1:]:
        checkpoint.restore(path).expect_partial()
    return np.int64(checkpoint.step) if manager.checkpoints else 0


def resume_and_save(manager, checkpoint):
    step = resume_by_question(manager, checkpoint)
    manager.save()
    return step


def resume_and_begin_anew(manager, checkpoint):
    step = resume_by_question(manager, checkpoint)
    checkpoint.step.assign(0)
    return step


def resume_the_step_alone(manager, checkpoint):
    tf.train.Checkpoint(step=checkpoint.step).restore(manager.latest_checkpoint).expect_partial()
    return int(checkpoint.step)


def resume_one_later(manager, checkpoint):
    if manager.latest_checkpoint is None:
        return 0
    checkpoint.restore(manager.latest_checkpoint)
    return int(checkpoint.step) + 1


def resume_from_the_last_but_one(manager, checkpoint):
    if manager.checkpoints:
        checkpoint.restore(manager.checkpoints[-2:][0])
    return int(checkpoint.step)


def stop_of_lists(val_losses, patience):
    for stop in range(len(val_losses)):
        best = val_losses.index(min(val_losses[: stop + 1]))
        if stop - best == patience:
            return stop, best
    return stop, best


def stop_of_arrays(val_losses, patience):
    lowest = np.minimum.accumulate(val_losses)
    for stop in range(val_losses.size):
        best = int(np.argmax(val_losses == lowest[stop]))
        if stop - best >= patience:
            break
    return np.array([stop, best])


def stop_by_recursion(val_losses, patience, place=0, best=0):
    if place == len(val_losses):
        return place - 1, best
    if val_losses[place] < val_losses[best]:
        best = place
    if place - best >= patience:
        return place, best
    return stop_by_recursion(val_losses, patience, place + 1, best)


def stop_in_a_tensor(val_losses, patience):
    return tf.constant(stop_by_distance(val_losses, patience))


def stop_with_a_patience_of_two(val_losses, patience):
    return stop_by_distance(val_losses, 2)


def stop_best_first(val_losses, patience):
    return stop_by_distance(val_losses, patience)[::-1]


def stop_at_the_end_with_the_last(val_losses, patience):
    stop, best = stop_by_distance(val_losses, patience)
    return (stop, best) if stop - best >= patience else (stop, stop)


def stop_from_a_loss_of_one(val_losses, patience):
    lowest, best, place = 1.0, 0, 0
    for place, loss in enumerate(val_losses):
        if loss < lowest:
            lowest, best = loss, place
        elif place - best >= patience:
            break
    return place, best


def stop_against_the_one_before(val_losses, patience):
    waited = 0
    for place in range(1, len(val_losses)):
        waited = 0 if val_losses[place] < val_losses[place - 1] else waited + 1
        if waited == patience:
            return place, int(np.argmin(val_losses[: place + 1]))
    return len(val_losses) - 1, int(np.argmin(val_losses))


def stop_and_the_loss(val_losses, patience):
    stop, best = stop_by_distance(val_losses, patience)
    return stop, val_losses[best]


def stop_without_a_reset(val_losses, patience):
    lowest, best, waited, place = np.inf, 0, 0, 0
    for place, loss in enumerate(val_losses):
        if loss < lowest:
            lowest, best = loss, place
        else:
            waited += 1
        if waited == patience:
            break
    return place, best


def keep_by_get_weights(model, epochs, train, evaluate):
    lowest, best = np.inf, None
    for _ in range(epochs):
        train(model)
        loss = evaluate(model)
        if loss < lowest:
            lowest, best = loss, model.get_weights()
    model.set_weights(best)
    return lowest


def keep_as_numpy(model, epochs, train, evaluate):
    lowest, best = np.inf, None
    for _ in range(epochs):
        train(model)
        loss = evaluate(model)
        if loss < lowest:
            lowest, best = loss, [weight.numpy() for weight in model.weights]
    for weight, value in zip(model.weights, best, strict=True):
        weight.assign(value)
    return np.float32(lowest)


def keep_every_epoch(model, epochs, train, evaluate):
    kept = {}
    for _ in range(epochs):
        train(model)
        kept[evaluate(model)] = [keras.ops.copy(weight) for weight in model.weights]
    model.set_weights(kept[min(kept)])
    return min(kept)


def keep_in_a_file(model, epochs, train, evaluate):
    losses = []
    with tempfile.TemporaryDirectory() as folder:
        for epoch in range(epochs):
            train(model)
            losses.append(evaluate(model))
            model.save_weights(f"{folder}/{epoch}.weights.h5")
        model.load_weights(f"{folder}/{np.argmin(losses)}.weights.h5")
    return min(losses)


def keep_in_a_clone(model, epochs, train, evaluate):
    best, lowest = keras.models.clone_model(model), None
    for _ in range(epochs):
        train(model)
        loss = evaluate(model)
        if lowest is None or loss <= lowest:
            lowest = loss
            best.set_weights(model.get_weights())
    model.set_weights(best.get_weights())
    return lowest


def keep_in_a_checkpoint(model, epochs, train, evaluate):
    lowest = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = tf.train.Checkpoint(model=model)
        for _ in range(epochs):
            train(model)
            if (loss := evaluate(model)) < lowest:
                lowest, path = loss, checkpoint.write(f"{folder}/best")
        checkpoint.read(path).expect_partial()
    return lowest


def keep_as_given(model, epochs, train, evaluate):
    lowest, best = np.inf, None
    for _ in range(epochs):
        train(model)
        loss = evaluate(model)
        if loss < lowest:
            lowest, best = loss, model.weights
    for weight, value in zip(model.weights, best, strict=True):
        weight.assign(value)
    return lowest


def keep_a_list_of_variables(model, epochs, train, evaluate):
    lowest, best = np.inf, None
    for _ in range(epochs):
        train(model)
        loss = evaluate(model)
        if loss < lowest:
            lowest, best = loss, list(model.weights)
    for weight, value in zip(model.weights, best, strict=True):
        weight.assign(value)
    return lowest


def keep_what_gradients_move(model, epochs, train, evaluate):
    lowest, best = np.inf, None
    for _ in range(epochs):
        train(model)
        loss = evaluate(model)
        if loss < lowest:
            lowest, best = loss, [weight.numpy() for weight in model.trainable_weights]
    for weight, value in zip(model.trainable_weights, best, strict=True):
        weight.assign(value)
    return lowest


def keep_and_forget(model, epochs, train, evaluate):
    lowest = np.inf
    for _ in range(epochs):
        train(model)
        loss = evaluate(model)
        lowest = min(lowest, loss)
    return lowest


def keep_the_highest(model, epochs, train, evaluate):
    highest, best = -np.inf, None
    for _ in range(epochs):
        train(model)
        loss = evaluate(model)
        if loss > highest:
            highest, best = loss, model.get_weights()
    model.set_weights(best)
    return highest


def keep_without_the_lowest(model, epochs, train, evaluate):
    lowest, best = np.inf, None
    for _ in range(epochs):
        train(model)
        loss = evaluate(model)
        if loss < lowest:
            best = model.get_weights()
    model.set_weights(best)
    return loss


def keep_what_is_below_ten(model, epochs, train, evaluate):
    lowest, best = 10, model.get_weights()
    for _ in range(epochs):
        train(model)
        loss = evaluate(model)
        if loss < lowest:
            lowest, best = loss, model.get_weights()
    model.set_weights(best)
    return lowest


def keep_and_evaluate_again(model, epochs, train, evaluate):
    lowest, best = np.inf, None
    for _ in range(epochs):
        train(model)
        if evaluate(model) < lowest:
            lowest, best = evaluate(model), model.get_weights()
    model.set_weights(best)
    return lowest


def keep_what_was_before(model, epochs, train, evaluate):
    lowest, best = np.inf, None
    for _ in range(epochs):
        before = model.get_weights()
        train(model)
        loss = evaluate(model)
        if loss < lowest:
            lowest, best = loss, before
    model.set_weights(best)
    return lowest


def keep_and_return_nothing(model, epochs, train, evaluate):
    keep_by_get_weights(model, epochs, train, evaluate)


def best_weights_back_in_each_epoch(model, epochs, train, evaluate):
    lowest, best = np.inf, None
    for _ in range(epochs):
        train(model)
        loss = evaluate(model)
        if loss < lowest:
            lowest, best = loss, model.get_weights()
        model.set_weights(best)
    return lowest


def diagnose_by_the_last_but_one(losses, val_losses):
    if val_losses[-1] > 1.1 * val_losses[-2:][0]:
        return "overfitting"
    return "underfitting" if losses[-1] > 0.5 else "good"


def diagnose_by_the_last_three(losses, val_losses):
    return diagnose_by_questions(losses, val_losses[-3:])


def diagnose_without_the_first(losses, val_losses):
    return diagnose_by_questions(losses, val_losses[1:] or val_losses)


def diagnose_by_the_highest_since(losses, val_losses):
    since = val_losses[val_losses.index(min(val_losses)) :]
    return diagnose_by_questions(losses, [min(since), max(since)])


def resume_by_the_order_of_names(manager, checkpoint):
    for path in sorted(manager.checkpoints)[-1:]:
        checkpoint.restore(path)
    return int(checkpoint.step) if manager.checkpoints else 0


def resume_and_delete_the_others(manager, checkpoint):
    step = resume_by_question(manager, checkpoint)
    for path in manager.checkpoints[:-1]:
        Path(path + ".index").unlink()
    return step


def resume_and_write_beside(manager, checkpoint):
    step = resume_by_question(manager, checkpoint)
    if step:
        checkpoint.write(manager.directory + "/again")
    return step


def stop_with_a_least_change(val_losses, patience):
    best = 0
    for place, loss in enumerate(val_losses):
        if loss < val_losses[best] - 0.01:
            best = place
        elif place - best >= patience:
            return place, best
    return len(val_losses) - 1, best


def stop_in_words(val_losses, patience):
    return [str(place) for place in stop_by_distance(val_losses, patience)]


def keep_and_evaluate_before(model, epochs, train, evaluate):
    lowest, best = np.inf, None
    for _ in range(epochs):
        loss = evaluate(model)
        train(model)
        if loss < lowest:
            lowest, best = loss, model.get_weights()
    model.set_weights(best)
    return lowest


def keep_and_say_it_in_words(model, epochs, train, evaluate):
    return str(keep_by_get_weights(model, epochs, train, evaluate))


RIGHT = {
    checks.diagnose: [
        diagnose_by_questions,
        diagnose_by_ratio,
        diagnose_of_lists,
        diagnose_of_arrays,
        diagnose_by_numpy,
        diagnose_by_tensorflow,
        diagnose_in_one_line,
    ],
    checks.start_or_resume: [
        resume_by_question,
        resume_without_question,
        resume_by_the_manager,
        resume_by_reading,
        resume_by_the_folder,
        resume_by_the_list,
    ],
    checks.stop_at: [
        stop_by_distance,
        stop_by_counting,
        stop_by_keras,
        stop_of_lists,
        stop_of_arrays,
        stop_by_recursion,
        stop_in_a_tensor,
    ],
    checks.train_and_keep_best: [
        keep_by_get_weights,
        keep_as_numpy,
        keep_every_epoch,
        keep_in_a_file,
        keep_in_a_clone,
        keep_in_a_checkpoint,
    ],
}
WRONG = {
    checks.diagnose: [
        (diagnose_in_the_other_order, "expected 'overfitting', got 'underfitting'"),
        (diagnose_by_the_gap, "expected 'good', got 'overfitting'"),
        (diagnose_any_rise, "expected 'good', got 'overfitting'"),
        (diagnose_by_the_lowest_training_loss, "expected 'underfitting', got 'good'"),
        (diagnose_prints, "got None"),
        (diagnose_from_the_limit_on, "expected 'good', got 'underfitting'"),
        (diagnose_from_the_other_limit_on, "expected 'good', got 'overfitting'"),
        (diagnose_by_the_validation_loss, "expected 'good', got 'underfitting'"),
        (diagnose_two_words, "got ['underfitting']"),
        (diagnose_in_capitals, "got 'Good'"),
        (diagnose_by_the_first, "expected 'overfitting', got 'good'"),
        (diagnose_by_the_last_but_one, "expected 'overfitting', got 'good'"),
        (diagnose_by_the_last_three, "expected 'overfitting', got 'good'"),
        (diagnose_without_the_first, "expected 'overfitting', got 'good'"),
        (diagnose_by_the_highest_since, "expected 'good', got 'overfitting'"),
    ],
    checks.start_or_resume: [
        (resume_and_forget_to_restore, "Is the checkpoint restored?"),
        (resume_by_the_name, ", got 1."),
        (resume_from_the_first, "the weights that start_or_resume left after a save at step"),
        (resume_and_save, "in an empty folder wrote"),
        (resume_and_begin_anew, "the variable `step` that it left"),
        (resume_the_step_alone, "Is the checkpoint restored?"),
        (resume_one_later, "start_or_resume after a save at step"),
        (resume_from_the_last_but_one, "the weights that start_or_resume left"),
        (resume_with_the_path, "expected the step, a number"),
        (resume_before_restoring, ", got 0."),
        (resume_without_a_first_start, "gave None"),
        (resume_by_the_order_of_names, "the weights that start_or_resume left"),
        (resume_and_delete_the_others, "wrote or deleted ["),
        (resume_and_write_beside, "wrote or deleted ['again."),
    ],
    checks.stop_at: [
        (stop_with_the_lowest_of_all, "values are off"),
        (stop_one_too_late, "values are off"),
        (stop_counts_rises, "values are off"),
        (stop_says_where_alone, "expected two positions"),
        (stop_counts_from_one, "are counted from 0"),
        (stop_takes_ties_for_better, "values are off"),
        (stop_or_nothing, "gave None"),
        (stop_with_a_patience_of_two, "values are off"),
        (stop_best_first, "values are off"),
        (
            stop_at_the_end_with_the_last,
            "], 2) (stop, lowest) at index (1,): expected 1, got 2|off",
        ),
        (stop_from_a_loss_of_one, "values are off"),
        (stop_against_the_one_before, "values are off"),
        (stop_and_the_loss, "values are off"),
        (stop_without_a_reset, "values are off"),
        (stop_with_a_least_change, "values are off"),
        (stop_in_words, "expected numbers"),
    ],
    checks.train_and_keep_best: [
        (keep_as_given, "expected the weights of epoch 2 at the end, got those of epoch 4"),
        (keep_a_list_of_variables, "got those of epoch 4"),
        (keep_what_gradients_move, "4 of the 6 arrays in `model.weights` are those"),
        (keep_and_forget, "got those of epoch 4"),
        (keep_the_highest, "the result with the losses"),
        (keep_without_the_lowest, "the result with the losses"),
        (keep_what_is_below_ten, "expected 5e+06, got 10"),
        (keep_and_evaluate_again, "calls of `evaluate`"),
        (keep_what_was_before, "of the 6 arrays|got those of epoch 1"),
        (keep_and_return_nothing, "gave None"),
        (keep_and_evaluate_before, "evaluation 1 did not see"),
        (keep_and_say_it_in_words, "expected numbers"),
        (best_weights_back_in_each_epoch, "does not start with the weights"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


SAVE_S, FAILURE_S = 0.5, 3600
MIND = "A warning a minute before the machine fails would let me save then."


@pytest.mark.parametrize(
    "answer", [60, np.sqrt(2 * 0.5 * 3600), 120.0, np.float32(50), tf.constant(70.0), np.array(90)]
)
def test_a_plan_passes_and_is_told_its_price(answer):
    outcome = checks.my_plan(answer, MIND, SAVE_S, FAILURE_S)
    assert outcome.passed, outcome
    assert "the lowest possible is 1.67%" in outcome.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (5, "Too much goes into saving"),
        (3600, "Too much is lost to failures"),
        (0.1, "no time is left to train"),
        (0, "no time is left to train"),
        (float("nan"), "no time is left to train"),
        ("every minute", "a number of seconds"),
        ("60", "a number of seconds"),
        (-60, "no time is left to train"),
        (float("inf"), "Too much is lost to failures"),
        ([60, 70], "a number of seconds"),
        (None, "a number of seconds"),
    ],
)
def test_other_plans_are_told_why(answer, says):
    outcome = checks.my_plan(answer, MIND, SAVE_S, FAILURE_S)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_no_plan_is_not_attempted():
    assert checks.my_plan(..., ..., SAVE_S, FAILURE_S).status == "not attempted"


NO_CLAIM = "lorem ipsum dolor sit amet consectetur adipiscing elit"


@pytest.mark.parametrize("mind", [None, "", "A full disk.", 60, NO_CLAIM])
def test_a_plan_asks_for_what_would_change_the_mind(mind):
    outcome = checks.my_plan(60, mind, SAVE_S, FAILURE_S)
    assert outcome.status == "not yet"
    assert "say in `mind`" in outcome.message, outcome


def test_a_mind_may_be_told_in_any_language():
    mind = "電源が切れる一分前に警告があれば、そのときだけ保存します。"
    assert checks.my_plan(60, mind, SAVE_S, FAILURE_S).passed
