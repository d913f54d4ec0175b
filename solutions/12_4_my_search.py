def my_search(evaluate, letters, places, budget):  # -> a word
    word = choices(letters, k=places)
    for place in [*range(places), *range(places)]:  # one at a time, twice
        tried = {}
        for letter in letters:
            word[place] = letter
            tried[letter] = evaluate("".join(word))
        word[place] = max(tried, key=tried.get)
    return "".join(word)


mind = ("It learns which letter is good at each place, where chance learns nothing. If letters "
        "were good only together, I would rather breed whole words.")
