def choose(machines):  # -> (name, replicas)
    if cores := sum(machine.count("TPU") for machine in machines):
        return "TPU", cores
    if len(machines) > 1:
        replicas = sum(max(1, machine.count("GPU")) for machine in machines)
        return "many machines", replicas
    gpus = machines[0].count("GPU")
    return ("many GPUs", gpus) if gpus > 1 else ("default", 1)
