def my_rule(g, m, v):  # (runs, parameters) each -> the step
    return (1 + np.sign(g) * np.sign(m)) * m / (np.sqrt(v) + 1e-7)


mind = ("It was tried on one small task with little noise. If Adam beat it on "
        "eight fresh seeds of a larger task, I would take Adam.")
