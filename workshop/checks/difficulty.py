"""How hard each exercise is: 1, 2 or 3, judged and not counted in a class.

1: nearly everyone does it in seven minutes. 2: about half do, the others with a hint. 3: few do
without a hint. The pages for instructors take the numbers from here.
"""

from workshop.messages import say

BY_LESSON = {
    "00": {"0-1": 1},
    "01": {"1-1": 1, "1-2": 2, "1-7": 2, "1-6": 2, "1-3": 3, "1-8": 2},
    "01b": {"1b-1": 2, "1b-3": 1, "1b-2": 3, "1b-4": 2},
    "02": {"2-1": 2, "2-2": 1, "2-3": 2, "2-4": 1, "2-6": 2, "2-7": 3},
    "02b": {"2b-2": 1, "2b-3": 2, "2b-1": 3},
    "03": {"3-1": 1, "3-2": 2, "3-3": 1, "3-5": 2, "3-6": 2, "3-4": 3},
    "03b": {"3b-1": 1, "3b-2": 2, "3b-3": 2, "3b-6": 2, "3b-4": 2, "3b-5": 3},
    "04": {"4-6": 3, "4-1": 1, "4-2": 2, "4-3": 2, "4-4": 1, "4-5": 3},
    "04b": {"4b-5": 1, "4b-1": 2, "4b-2": 2, "4b-3": 1, "4b-4": 3},
    "04c": {"4c-2": 2, "4c-1": 2, "4c-3": 3},
    "05": {"5-1": 2, "5-2": 2, "5-3": 1, "5-4": 3, "5-6": 2, "5-5": 2},
    "05b": {"5b-1": 1, "5b-2": 2, "5b-3": 1, "5b-5": 2, "5b-4": 3},
    "06": {"6-6": 1, "6-1": 1, "6-2": 2, "6-5": 3, "6-4": 3},
    "06b": {"6b-1": 1, "6b-6": 1, "6b-2": 1, "6b-3": 2, "6b-5": 2, "6b-4": 2},
    "06c": {"6c-1": 2, "6c-2": 3, "6c-3": 3, "6c-4": 2, "6c-5": 2},
    "07": {"7-1": 1, "7-2": 1, "7-3": 2, "7-5": 2, "7-4": 2},
    "07b": {"7b-2": 2, "7b-6": 1, "7b-3": 2, "7b-4": 2, "7b-5": 3},
    "08": {"8-5": 1, "8-2": 1, "8-6": 3, "8-3": 3, "8-4": 2},
    "08b": {"8b-1": 1, "8b-2": 2, "8b-3": 2, "8b-5": 2, "8b-4": 2},
    "08c": {"8c-1": 1, "8c-2": 2, "8c-3": 2, "8c-5": 2, "8c-4": 2},
    "08d": {"8d-1": 1, "8d-2": 3, "8d-3": 2, "8d-4": 2},
    "09": {"9-2": 2, "9-3": 3, "9-7": 2, "9-6": 2, "9-5": 2},
    "09b": {"9b-1": 2, "9b-2": 1, "9b-3": 3, "9b-6": 2, "9b-5": 2},
    "10": {"10-1": 1, "10-2": 1, "10-3": 1, "10-4": 2, "10-5": 2},
    "10b": {"10b-1": 2, "10b-2": 2, "10b-3": 1, "10b-4": 3, "10b-5": 2},
    "10c": {"10c-1": 2, "10c-2": 2, "10c-3": 1, "10c-4": 3, "10c-5": 2},
    "11": {"11-1": 3, "11-2": 1, "11-3": 2, "11-4": 2, "11-5": 2},
    "11b": {"11b-1": 2, "11b-2": 2, "11b-3": 3, "11b-4": 2, "11b-5": 2},
    "12": {"12-1": 2, "12-2": 2, "12-3": 2, "12-4": 3},
    "12b": {"12b-1": 1, "12b-2": 2, "12b-3": 3, "12b-4": 2, "12b-5": 2},
    "13": {"13-1": 2, "13-2": 2, "13-3": 1, "13-4": 3, "13-5": 3},
    "14": {"14-1": 2, "14-2": 2, "14-3": 2, "14-4": 2, "14-5": 1},
}
DIFFICULTY = {number: level for levels in BY_LESSON.values() for number, level in levels.items()}


def what_to_expect(number: str) -> str:
    """Say of an exercise how many need a hint for it, so that one who needs one isn't surprised.

    Args:
        number: such as `"2-1"`.

    Returns:
        A sentence; nothing where the exercise is none of this edition's.

    Example:
        >>> what_to_expect("2-3")
        'About half of a class needs a hint for it.'
    """
    sentences = {
        1: say("Nearly everyone does it without a hint."),
        2: say("About half of a class needs a hint for it."),
        3: say("Most people need a hint for it."),
    }
    return sentences.get(DIFFICULTY.get(number, 0), "")
