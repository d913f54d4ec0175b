"""The example of docs/own_data.md runs, and gives what the page says."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "own_data.md"


def test_the_regression_gives_what_the_page_says():
    page = PAGE.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.S)
    number = r"(\d+\.\d+)"
    (said,) = re.findall(rf"is {number} to {number}; always .* gives {number} to {number}", page)
    low, high, dull_low, dull_high = map(float, said)
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, check=True, capture_output=True, text=True)
    (came,) = re.findall(rf"mean error: {number}\d* beside {number}\d*", done.stdout)
    error, dull = map(float, came)
    assert low <= error <= high
    assert dull_low <= dull <= dull_high
