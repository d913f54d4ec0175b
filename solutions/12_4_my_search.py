def my_search(evaluate, letters, places, budget):  # -> a word
    results = {}

    def measure(word):
        results.setdefault(word, []).append(evaluate(word))

    for _ in range(budget // 3):  # chance, to begin with
        measure("".join(choices(letters, k=places)))
    for _ in range(budget // 2):  # children of the best
        parent = max(results, key=lambda word: np.mean(results[word]))
        place = randrange(places)
        measure(parent[:place] + choice(letters) + parent[place + 1:])
    for word in sorted(results, key=lambda word: -np.mean(results[word]))[:5]:
        measure(word)
        measure(word)
    return max((word for word in results if len(results[word]) > 1),
               key=lambda word: np.mean(results[word]))


mind = ("Children of good words are better than words by chance, and measuring again takes away "
        "luck. If letters had no effect of their own, chance would do as well.")
