my_picture, my_name = framed["camera"], "tripod"


def change(picture):  # (224, 224, 3) -> (224, 224, 3), 0..255
    return picture[::-1]


my_mind = """It has seen tripods on their legs only: training mirrors pictures
from left to right and never turns them over. If it also missed a cup that lies on
its side, as cups do, I would say that any unusual view will do."""
