"""Every sentence that a learner reads goes through here, so that another language can replace it.

A message is a whole sentence, written out where it is said, with named fields for what changes.
`pybabel extract -k say -k not_yet -k reason:2 workshop` collects all of them into one catalogue.
"""

import gettext
import os
from functools import cache
from pathlib import Path

MANY_DIGITS = 8  # letters: a number as long as this one is shortened
CATALOGUES = Path(__file__).parent / "locale"


def say(message: str, **fields: object) -> str:
    """Fill a sentence in the learner's language.

    Args:
        message: the English sentence, a literal, with named fields as in `str.format`.
        **fields: what stands in the fields. A number with many digits gets four, unless the field
            says how many: `{loss:.6g}`.

    Returns:
        The sentence in the language of the variable `LANGUAGE`, `LC_ALL`, `LC_MESSAGES` or `LANG`
        where workshop/locale holds a catalogue of it, else in English.

    Example:
        >>> say("expected shape {expected}, got {got}", expected=(2,), got=())
        'expected shape (2,), got ()'
    """
    languages = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((value for name in languages if (value := os.environ.get(name))), "")
    short = {
        name: _Short(value) if isinstance(value, float) else value for name, value in fields.items()
    }
    return _catalogue(chosen).gettext(message).format(**short)


class _Short(float):
    """A number that is read, not computed with: 0.0949999988079071 is 0.095."""

    def __format__(self, spec: str) -> str:
        text = format(float(self), spec)
        if spec or len(text) < MANY_DIGITS:
            return text
        return format(float(self), ".4g" if abs(self) < 1e4 else ".6g")


@cache
def _catalogue(languages: str) -> gettext.NullTranslations:
    return gettext.translation("workshop", CATALOGUES, languages.split(":"), fallback=True)
