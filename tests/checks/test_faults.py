"""Right and wrong answers to the exercises of lesson 08c."""

import json

import numpy as np
import pytest
from answers import Answers

from workshop.checks import faults as checks


def configs_by_comprehension(hosts, port):
    places = [f"{host}:{port}" for host in hosts]
    return [
        {"cluster": {"worker": places}, "task": {"type": "worker", "index": index}}
        for index in range(len(hosts))
    ]


def configs_by_a_loop(hosts, port):
    configs = []
    for index, _ in enumerate(hosts):
        cluster = {"worker": tuple(host + ":" + str(port) for host in hosts)}
        configs.append({"task": dict(index=np.int64(index), type="worker"), "cluster": cluster})
    return tuple(configs)


def configs_of_one_dict(hosts, port):
    config = {"cluster": {"worker": [f"{host}:{port}" for host in hosts]}, "task": {}}
    configs = []
    for index in range(len(hosts)):
        config["task"] = {"type": "worker", "index": index}
        configs.append(config)
    return configs


def configs_from_one(hosts, port):
    configs = configs_by_comprehension(hosts, port)
    for config in configs:
        config["task"]["index"] += 1
    return configs


def configs_with_text(hosts, port):
    configs = configs_by_comprehension(hosts, port)
    for config in configs:
        config["task"]["index"] = str(config["task"]["index"])
    return configs


def configs_without_a_port(hosts, port):
    return configs_by_comprehension(hosts, port) and [
        {"cluster": {"worker": list(hosts)}, "task": {"type": "worker", "index": index}}
        for index in range(len(hosts))
    ]


def configs_of_its_own_address(hosts, port):
    return [
        {"cluster": {"worker": [f"{host}:{port}"]}, "task": {"type": "worker", "index": index}}
        for index, host in enumerate(hosts)
    ]


def configs_as_json(hosts, port):
    return [json.dumps(config) for config in configs_by_comprehension(hosts, port)]


def configs_of_the_cluster(hosts, port):
    return configs_by_comprehension(hosts, port)[0]


def configs_with_a_chief(hosts, port):
    configs = configs_by_comprehension(hosts, port)
    configs[0]["task"]["type"] = "chief"
    return configs


def configs_without_tasks(hosts, port):
    return [{"cluster": config["cluster"]} for config in configs_by_comprehension(hosts, port)]


def configs_without_the_kind(hosts, port):
    configs = configs_by_comprehension(hosts, port)
    return [{"cluster": c["cluster"]["worker"], "task": c["task"]} for c in configs]


def configs_that_are_printed(hosts, port):
    print(configs_by_comprehension(hosts, port))


def configs_of_places_alone(hosts, port):
    return [
        {"cluster": config["cluster"], "task": index}
        for index, config in enumerate(configs_by_comprehension(hosts, port))
    ]


def join_by_comprehension(first, second):
    kept = {step: loss for step, loss in first.items() if step < min(second)}
    return kept | second, len(first) - len(kept)


def join_by_a_loop(first, second):
    joined, lost = {}, 0
    for step in first:
        if step in range(min(second), max(first) + 1):
            lost += 1
        else:
            joined[step] = first[step]
    joined.update(second)
    return [joined, np.int64(lost)]


def join_by_union(first, second):
    return {**first, **second}, max(first) - min(second) + 1


def join_with_the_first_in_front(first, second):
    return join_by_comprehension(second | first, second)[0] | first, max(first) - min(second) + 1


def join_and_lose_one_less(first, second):
    return join_by_comprehension(first, second)[0], max(first) - min(second)


def join_and_count_all_that_both_have(first, second):
    return join_by_comprehension(first, second)[0], len(set(first) & set(second))


def join_the_curve_alone(first, second):
    return join_by_comprehension(first, second)[0]


def join_without_the_restart_step(first, second):
    kept = {step: loss for step, loss in first.items() if step < min(second) - 1}
    return kept | second, len(first) - len(kept)


def join_in_print(first, second):
    print(join_by_comprehension(first, second))


def share_by_the_formula(interval_s, save_s, restart_s, machine_s, machines):
    failure_s = machine_s / machines
    return save_s / interval_s + (interval_s / 2 + restart_s) / failure_s


def share_by_counting_a_month(interval_s, save_s, restart_s, machine_s, machines):
    month = 30 * 24 * 3600
    saves, failures = month / interval_s, month / machine_s * machines
    return (saves * save_s + failures * (0.5 * interval_s + restart_s)) / month


def share_of_one_machine(interval_s, save_s, restart_s, machine_s, machines):
    return save_s / interval_s + (interval_s / 2 + restart_s) / machine_s


def share_with_a_whole_interval(interval_s, save_s, restart_s, machine_s, machines):
    return save_s / interval_s + (interval_s + restart_s) * machines / machine_s


def share_without_a_restart(interval_s, save_s, restart_s, machine_s, machines):
    return save_s / interval_s + interval_s / 2 * machines / machine_s


def share_in_percent(interval_s, save_s, restart_s, machine_s, machines):
    return 100 * share_by_the_formula(interval_s, save_s, restart_s, machine_s, machines)


def share_of_machines_that_live_longer(interval_s, save_s, restart_s, machine_s, machines):
    return save_s / interval_s + (interval_s / 2 + restart_s) / (machine_s * machines)


def share_is_printed(interval_s, save_s, restart_s, machine_s, machines):
    print(share_by_the_formula(interval_s, save_s, restart_s, machine_s, machines))


RIGHT = {
    checks.configs_of: [configs_by_comprehension, configs_by_a_loop],
    checks.join: [join_by_comprehension, join_by_a_loop],
    checks.lost_share: [share_by_the_formula, share_by_counting_a_month],
}
WRONG = {
    checks.configs_of: [
        (configs_of_one_dict, "a dict of its own"),
        (configs_from_one, "from 0"),
        (configs_with_text, "a number"),
        (configs_without_a_port, "name and port"),
        (configs_of_its_own_address, "the addresses of all machines (3)"),
        (configs_as_json, "expected a dict, got"),
        (configs_of_the_cluster, "expected a list"),
        (configs_with_a_chief, 'expected "worker", the one kind'),
        (configs_without_tasks, "got ['cluster']"),
        (configs_without_the_kind, 'the one key "worker"'),
        (configs_that_are_printed, "got None"),
        (configs_of_places_alone, 'a dict with "type" and "index"'),
    ],
    checks.join: [
        (join_by_union, "in no model any more"),
        (join_with_the_first_in_front, "the loss of step 41|in no model any more"),
        (join_and_lose_one_less, "expected 15, got 14"),
        (join_and_count_all_that_both_have, "lost steps"),
        (join_the_curve_alone, "a dict and a number"),
        (join_without_the_restart_step, "lacks step 40."),
        (join_in_print, "gave None"),
    ],
    checks.lost_share: [
        (share_of_one_machine, "86400, 10): "),
        (share_with_a_whole_interval, ": expected 0.0134722, got"),
        (share_without_a_restart, "120, 86400, 10): "),
        (share_in_percent, ": expected 0.0134722, got"),
        (share_of_machines_that_live_longer, "86400, 10): "),
        (share_is_printed, "gave None"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


@pytest.mark.parametrize(
    ("interval", "choice", "together"),
    [(np.sqrt(2 * 20 * 51_840), "fewer", "3.08%"), (1440, "wait", "6.37%"), (600.0, "fewer", "")],
)
def test_a_plan_passes_and_is_told_its_price(interval, choice, together):
    outcome = checks.my_plan(interval, choice)
    assert outcome.passed, outcome
    assert f"{together} together" in outcome.message
    assert "A failure every 14.4 hours" in outcome.message


@pytest.mark.parametrize(
    ("interval", "choice", "says"),
    [
        (60, "fewer", "most of it saves"),
        (86_400, "wait", "most of it work done again"),
        (10, "wait", "nothing gets trained"),
        (float("nan"), "wait", "nothing gets trained"),
        ("each hour", "wait", "a number of seconds"),
        (None, "wait", "a number of seconds"),
        (1440, "both", "Expected one of ('wait', 'fewer'), got 'both'"),
        (1440, None, "Expected one of"),
    ],
)
def test_other_plans_are_told_why(interval, choice, says):
    outcome = checks.my_plan(interval, choice)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_no_plan_is_not_attempted():
    assert checks.my_plan(..., ...).status == "not attempted"
    assert checks.my_plan(1440, ...).status == "not attempted"
