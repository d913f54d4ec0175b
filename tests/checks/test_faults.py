"""Right and wrong answers to the exercises of lesson 08c."""

import json
import re
from collections import ChainMap, OrderedDict
from pathlib import Path

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


def configs_by_zip(hosts, port):
    places = list(map("{}:{}".format, hosts, [port] * len(hosts)))
    tasks = [{"type": "worker", "index": i} for i, _ in enumerate(places)]
    return [{"cluster": {"worker": places.copy()}, "task": task} for task in tasks]


def configs_by_json(hosts, port):
    whole = {"cluster": {"worker": [":".join((host, str(port))) for host in hosts]}, "task": {}}
    configs = [json.loads(json.dumps(whole)) for _ in hosts]
    for index in range(len(configs)):
        configs[index]["task"].update(type="worker", index=index)
    return configs


def configs_by_pop(hosts, port):
    places, configs = [], []
    while hosts:
        places.append(f"{hosts.pop(0)}:{port}")
        configs.append({"cluster": {"worker": places}, "task": {"type": "worker"}})
    for index, config in enumerate(configs):
        config["task"]["index"] = index
    return configs


def configs_by_ordered_dicts(hosts, port):
    places = [host + f":{port}" for host in hosts]
    return [
        OrderedDict(cluster=OrderedDict(worker=places), task={"type": "worker", "index": k})
        for k in range(len(places))
    ]


def configs_of_flags(hosts, port):
    configs = configs_by_comprehension(hosts, port)
    for config in configs[:2]:
        config["task"]["index"] = bool(config["task"]["index"])
    return configs


def configs_with_floats(hosts, port):
    configs = configs_by_comprehension(hosts, port)
    for config in configs:
        config["task"]["index"] = float(config["task"]["index"])
    return configs


def configs_on_one_port(hosts, port):
    return configs_by_comprehension(hosts, 2222)


def configs_of_three(hosts, port):
    return (configs_by_comprehension(hosts, port) * 3)[:3]


def configs_in_order(hosts, port):
    return configs_by_comprehension(sorted(hosts), port)


def configs_with_ports_counted_up(hosts, port):
    configs = configs_by_comprehension(hosts, port)
    for config in configs:
        config["cluster"]["worker"] = [f"{h}:{port + i}" for i, h in enumerate(hosts)]
    return configs


def configs_as_one_text(hosts, port):
    configs = configs_by_comprehension(hosts, port)
    for config in configs:
        config["cluster"]["worker"] = ",".join(config["cluster"]["worker"])
    return configs


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


def join_by_chain_map(first, second):
    kept = {step: first[step] for step in filter(min(second).__gt__, first)}
    return ChainMap(second, kept), np.float64(len(first) - len(kept))


def join_by_deleting(first, second):
    restart, lost = sorted(second)[0], 0
    for step in list(first):
        if step >= restart:
            del first[step]
            lost += 1
    return {**first, **second}, lost


def join_by_pairs(first, second):
    restart = sorted(second)[0]
    pairs = [(step, loss) for step, loss in first.items() if step < restart]
    return dict(pairs + list(second.items())), sum(step >= restart for step in first)


def join_by_sets(first, second):
    lost = set(range(min(second), max(second.keys() | first.keys()) + 1)) & set(first)
    joined = OrderedDict(sorted((first | second).items()))
    for step in lost - set(second):
        del joined[step]
    return joined, len(lost)


def join_and_lose_those_of_a_fresh_start(first, second):
    return join_by_comprehension(first, second)[0], max(first) - min(second) + min(first)


def join_and_lose_what_the_second_did(first, second):
    return join_by_comprehension(first, second)[0], len(second)


def join_the_second_alone(first, second):
    return second, join_by_comprehension(first, second)[1]


def join_and_name_the_lost(first, second):
    return join_by_comprehension(first, second)[0], [s for s in first if s >= min(second)]


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


def share_by_rates(interval_s, save_s, restart_s, machine_s, machines):
    per_second = [save_s / interval_s, *[1 / machine_s * (0.5 * interval_s + restart_s)] * machines]
    return sum(per_second)


def share_in_numpy(interval_s, save_s, restart_s, machine_s, machines):
    failures = np.divide(machines, machine_s)
    return np.array(save_s) / interval_s + failures * (interval_s / 2 + restart_s)


def share_in_float32(interval_s, save_s, restart_s, machine_s, machines):
    given = np.float32([interval_s, save_s, restart_s, machine_s, machines])
    return share_by_the_formula(*given)


def share_as_a_fraction(interval_s, save_s, restart_s, machine_s, machines):
    useful = 1 - save_s / interval_s - machines * (interval_s / 2 + restart_s) / machine_s
    return 1 - useful


def share_with_a_restart_of_each(interval_s, save_s, restart_s, machine_s, machines):
    return save_s / interval_s + (interval_s / 2 + machines * restart_s) * machines / machine_s


def share_of_the_saves(interval_s, save_s, restart_s, machine_s, machines):
    return save_s / interval_s


def share_of_the_failures(interval_s, save_s, restart_s, machine_s, machines):
    return (interval_s / 2 + restart_s) * machines / machine_s


def share_of_whole_numbers(interval_s, save_s, restart_s, machine_s, machines):
    return save_s // interval_s + (interval_s / 2 + restart_s) / (machine_s // machines)


def share_of_one_minute(interval_s, save_s, restart_s, machine_s, machines):
    return share_by_the_formula(interval_s, save_s, min(restart_s, 60), machine_s, machines)


def newest_by_number(folder):
    files = folder.glob("step-*.weights.h5")
    return max(files, key=lambda file: int(file.name.split(".")[0][5:]), default=None)


def newest_by_pattern(folder):
    found = {}
    for file in map(str, (path.name for path in folder.iterdir())):
        if number := re.fullmatch(r"step-(\d+)\.weights\.h5", file):
            found[int(number[1])] = folder / file
    return found[max(found)] if found else None


def newest_by_sorting(folder):
    files = [f for f in folder.iterdir() if f.name[:5] == "step-" and f.suffix == ".h5"]
    files.sort(key=lambda file: int("".join(filter(str.isdigit, file.stem))))
    return None if files == [] else files[-1]


def newest_by_length(folder):
    files = sorted(folder.glob("step-*.weights.h5"), key=lambda file: (len(file.name), file.name))
    return (files or [None])[-1]


def newest_by_a_loop(folder):
    best, at = None, -1
    for file in folder.glob("step-*.h5"):
        number = int(file.name.removeprefix("step-").removesuffix(".weights.h5"))
        if number > at:
            best, at = str(file), number
    return best


def newest_by_trying(folder):
    names = [p.name for p in folder.glob("step-*") if not p.name.endswith((".tmp", ".txt"))]
    try:
        return Path(folder, max(names, key=lambda n: int(re.findall(r"\d+", n)[0])))
    except ValueError:
        return None


def newest_as_text(folder):
    files = sorted(folder.glob("step-*"))
    return files[-1]


def newest_as_text_of_complete(folder):
    files = sorted(folder.glob("step-*.weights.h5"))
    return files[-1] if files else None


def newest_by_date(folder):
    files = folder.glob("step-*.weights.h5")
    return max(files, key=lambda file: file.stat().st_mtime, default=None)


def newest_with_the_half(folder):
    files = folder.glob("step-*.weights.h5*")
    return max(files, key=lambda file: int(file.name.split(".")[0][5:]), default=None)


def newest_that_fails_at_first(folder):
    return newest_by_number(folder) or sorted(folder.glob("step-*.weights.h5"))[-1]


def newest_number(folder):
    found = newest_by_number(folder)
    return found and int(found.name.split(".")[0][5:])


def newest_name(folder):
    found = newest_by_number(folder)
    return found and found.name


def newest_without_step_0(folder):
    best = 0
    for file in folder.glob("step-*.weights.h5"):
        best = max(best, int(file.name.split(".")[0][5:]))
    return folder / f"step-{best}.weights.h5" if best else None


def newest_that_tidies_up(folder):
    for file in folder.glob("*.tmp"):
        file.unlink()
    return newest_by_number(folder)


def newest_of_all_files(folder):
    files = folder.glob("*-*.weights.h5")
    number = re.compile(r"\d+")
    return max(files, key=lambda file: int(number.findall(file.name)[0]), default=None)


def newest_two_digits(folder):
    files = folder.glob("step-??.weights.h5")
    return max(files, default=None)


def newest_in_print(folder):
    print(newest_by_number(folder))


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


ONE_TO_EIGHT = "one two three four five six seven eight"
MIND = "With 5,000 machines a failure comes every nine minutes, and I would save far more often."


def join_and_lose_steps_that_no_log_has(first, second):
    restart = min(second)
    kept = {step: loss for step, loss in first.items() if step < restart}
    return kept | second, max(0, max(first) - restart + 1)


def join_at_the_first_key(first, second):
    restart = next(iter(second))
    kept = {step: loss for step, loss in first.items() if step < restart}
    return kept | second, sum(step >= restart for step in first)


def join_by_the_order_of_the_keys(first, second):
    lost = sum(step >= min(second) for step in first)
    return dict(list(first.items())[: len(first) - lost]) | second, lost


def join_by_filter(first, second):
    kept = dict(filter(lambda item: item[0] < min(second), first.items()))
    return [{**kept, **second}, np.int64(len(first) - len(kept))]


def newest_in_folders_inside(folder):
    files = folder.rglob("step-*.weights.h5")
    return max(files, key=lambda file: int(file.name[5:-11]), default=None)


def configs_as_arrays(hosts, port):
    configs = configs_by_comprehension(hosts, port)
    for config in configs:
        config["cluster"]["worker"] = np.array(config["cluster"]["worker"])
    return configs


def share_of_whole_halves(interval_s, save_s, restart_s, machine_s, machines):
    return save_s / interval_s + (interval_s // 2 + restart_s) * machines / machine_s


def share_by_a_dot_product(interval_s, save_s, restart_s, machine_s, machines):
    rates = np.array([1 / interval_s, machines / machine_s])
    return rates @ np.array([save_s, interval_s / 2 + restart_s])


def newest_by_scandir(folder):
    import os

    numbers = [-1]
    for entry in os.scandir(folder):
        name, _, end = entry.name.partition(".")
        if entry.is_file() and name.startswith("step-") and end == "weights.h5":
            numbers.append(int(name.split("-")[1]))
    return folder / f"step-{max(numbers)}.weights.h5" if max(numbers) >= 0 else None


def newest_by_size(folder):
    files = sorted(folder.glob("step-*.weights.h5"))
    return max(files, key=lambda file: file.stat().st_size, default=None)


RIGHT = {
    checks.configs_of: [
        configs_by_comprehension,
        configs_by_a_loop,
        configs_by_zip,
        configs_by_json,
        configs_by_pop,
        configs_by_ordered_dicts,
    ],
    checks.join: [
        join_by_comprehension,
        join_by_a_loop,
        join_by_chain_map,
        join_by_deleting,
        join_by_pairs,
        join_by_sets,
        join_by_filter,
    ],
    checks.lost_share: [
        share_by_the_formula,
        share_by_counting_a_month,
        share_by_rates,
        share_in_numpy,
        share_in_float32,
        share_as_a_fraction,
        share_by_a_dot_product,
    ],
    checks.newest: [
        newest_by_number,
        newest_by_pattern,
        newest_by_sorting,
        newest_by_length,
        newest_by_a_loop,
        newest_by_trying,
        newest_by_scandir,
    ],
}
WRONG = {
    checks.configs_of: [
        (configs_of_one_dict, "its own dict"),
        (configs_of_flags, "a whole number, got False"),
        (configs_with_floats, "a whole number, got 0.0"),
        (configs_on_one_port, "name and port"),
        (configs_of_three, "as many entries as machines (1), got 3"),
        (configs_in_order, "in their order"),
        (configs_with_ports_counted_up, "name and port"),
        (configs_as_one_text, "the addresses of all machines (3)"),
        (configs_from_one, "from 0"),
        (configs_with_text, "a whole number, got '0'"),
        (configs_without_a_port, "name and port"),
        (configs_of_its_own_address, "the addresses of all machines (3)"),
        (configs_as_json, "expected a dict, got"),
        (configs_of_the_cluster, "expected a list"),
        (configs_with_a_chief, 'expected "worker", the one kind'),
        (configs_without_tasks, "got ['cluster']"),
        (configs_without_the_kind, 'the one key "worker"'),
        (configs_that_are_printed, "got None"),
        (configs_of_places_alone, 'a dict with "type" and "index"'),
        (configs_as_arrays, "expected a list: the addresses"),
    ],
    checks.join: [
        (join_by_union, "from there on is lost"),
        (join_with_the_first_in_front, "the loss of step 41|from there on is lost"),
        (join_and_lose_one_less, "expected 15, got 14"),
        (join_and_count_all_that_both_have, "lost steps"),
        (join_the_curve_alone, "a dict and a number"),
        (join_without_the_restart_step, "lacks step 40."),
        (join_in_print, "gave None"),
        (join_and_lose_those_of_a_fresh_start, "lost steps of join(steps 61-"),
        (join_and_lose_what_the_second_did, "expected 15, got 20"),
        (join_the_second_alone, "lacks step 1 and 39 more"),
        (join_and_name_the_lost, "lost steps"),
        (join_and_lose_steps_that_no_log_has, "the lost steps of join(steps ["),
        (join_at_the_first_key, "join(steps ["),
        (join_by_the_order_of_the_keys, "join(steps ["),
    ],
    checks.lost_share: [
        (share_of_one_machine, "86400, 10): "),
        (share_with_a_whole_interval, ": expected 0.0134722, got"),
        (share_without_a_restart, "120, 86400, 10): "),
        (share_in_percent, ": expected 0.0134722, got"),
        (share_of_machines_that_live_longer, "86400, 10): "),
        (share_is_printed, "gave None"),
        (share_with_a_restart_of_each, "120, 86400, 10): "),
        (share_of_the_saves, ": expected 0.0134722, got 0.01"),
        (share_of_the_failures, ": expected 0.0134722, got 0.00347222"),
        (share_of_whole_numbers, ": expected 0.0134722, got"),
        (share_of_one_minute, "120, 86400, 10): "),
        (share_of_whole_halves, "lost_share(5, 0.5, 2, 3600, 40)"),
    ],
    checks.newest: [
        (newest_as_text, "expected step-100.weights.h5, got step-80.weights.h5"),
        (newest_as_text_of_complete, "expected step-100.weights.h5, got step-80.weights.h5"),
        (newest_by_date, "expected step-80.weights.h5, got step-20.weights.h5"),
        (newest_with_the_half, "expected step-40.weights.h5, got step-60.weights.h5.tmp"),
        (newest_that_fails_at_first, "IndexError"),
        (newest_number, "expected step-80.weights.h5, got 80"),
        (newest_name, "a Path with its folder, got 'step-80.weights.h5'"),
        (newest_without_step_0, "expected step-0.weights.h5, got None"),
        (newest_that_tidies_up, "expected all files as they were"),
        (newest_of_all_files, "got optimizer-99000.weights.h5"),
        (newest_two_digits, "expected step-100.weights.h5, got step-80.weights.h5"),
        (newest_in_print, "got None"),
        (newest_in_folders_inside, "got step-70000.weights.h5"),
        (newest_by_size, ", got step-"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


@pytest.mark.parametrize(
    ("interval", "choice", "together"),
    [(np.sqrt(2 * 20 * 51_840), "fewer", "3.08%"), (1440, "wait", "6.37%"), (600.0, "fewer", "")],
)
def test_a_plan_passes_and_is_told_its_price(interval, choice, together):
    outcome = checks.my_plan(interval, choice, MIND)
    assert outcome.passed, outcome
    assert f"{together} together" in outcome.message
    assert "A failure every 14.4 hours" in outcome.message


@pytest.mark.parametrize(
    ("interval", "choice", "says"),
    [
        (60, "fewer", "most of it saves"),
        (86_400, "wait", "most of it repeated work"),
        (10, "wait", "no time is left to train"),
        (float("nan"), "wait", "a number of seconds"),
        ("1440", "wait", "a number of seconds"),
        (float("inf"), "wait", "most of it repeated work"),
        ("each hour", "wait", "a number of seconds"),
        (None, "wait", "a number of seconds"),
        (1440, "both", "Expected one of ('wait', 'fewer'), got 'both'"),
        (1440, None, "Expected one of"),
    ],
)
def test_other_plans_are_told_why(interval, choice, says):
    outcome = checks.my_plan(interval, choice, MIND)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_no_plan_is_not_attempted():
    assert checks.my_plan(..., ..., ...).status == "not attempted"
    assert checks.my_plan(1440, ..., MIND).status == "not attempted"
    assert checks.my_plan(1440, "wait", ...).status == "not attempted"


@pytest.mark.parametrize("mind", ["", "A warning.", "a b c d e f g h", ONE_TO_EIGHT, 5000])
def test_a_plan_without_what_would_change_it_is_asked_for_it(mind):
    outcome = checks.my_plan(1440, "fewer", mind)
    assert outcome.status == "not yet"
    assert "Now say in `my_mind` what would change your mind." in outcome.message
