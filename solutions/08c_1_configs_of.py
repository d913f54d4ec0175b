def configs_of(hosts, port):  # -> list of dicts, one per machine
    places = [f"{host}:{port}" for host in hosts]
    return [{"cluster": {"worker": places},
             "task": {"type": "worker", "index": index}}
            for index in range(len(hosts))]
