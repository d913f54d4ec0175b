"""What axe-core finds on a page: every rule that a reader who can't see it needs."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import platformdirs
import pytest

VERSION = "4.14.1"
GRAVE = ("serious", "critical")
RUN = """async ([within, without]) => {
    const found = await axe.run({include: within, exclude: without}, {resultTypes: ["violations"]});
    return found.violations.map(
        (rule) => [rule.impact, rule.id, rule.nodes.map((node) => node.html)]);
}"""


def script() -> str:
    """Read axe-core from the cache; npm brings it there once. Without Node the test is skipped."""
    kept = Path(platformdirs.user_cache_dir("tensorflow-workshop")) / f"axe-{VERSION}.min.js"
    if not kept.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("no Node on this machine, so no axe-core")
        kept.parent.mkdir(parents=True, exist_ok=True)
        command = [npm, "pack", f"axe-core@{VERSION}", "--silent"]
        done = subprocess.run(
            command, cwd=kept.parent, capture_output=True, text=True, check=False, timeout=120
        )
        packed = kept.parent / f"axe-core-{VERSION}.tgz"
        if done.returncode or not packed.exists():
            pytest.skip(f"npm does not bring axe-core: {done.stderr.strip()[-200:]}")
        with tarfile.open(fileobj=io.BytesIO(packed.read_bytes())) as package:
            kept.write_bytes(package.extractfile("package/axe.min.js").read())
        packed.unlink()
    return kept.read_text(encoding="utf-8")


def violations(page, *within: str, without=(), allowed=()) -> list[str]:
    """Say what is serious or critical on a page.

    Args:
        page: Playwright's page, with what is judged in view.
        *within: CSS selectors; none for the whole page. One that finds nothing is an error.
        without: selectors of what is not judged.
        allowed: names of rules that somebody else's theme breaks.

    Returns:
        A line for each rule that is broken: impact, rule, the first elements.
    """
    for selector in within:
        assert page.locator(selector).count(), f"nothing on the page is {selector}"
    if not page.evaluate("typeof axe === 'object' && typeof axe.run === 'function'"):
        # As a value: `add_script_tag` would be refused by a page's own security policy, and a
        # loader of modules (JupyterLab has one) would take axe for one of its own.
        page.evaluate("(text) => { (function (module, define) { eval(text); })(); }", script())
    found = page.evaluate(RUN, [list(within) or ["html"], list(without)])
    return [
        f"{impact} {rule}: {' | '.join(nodes[:3])}"
        for impact, rule, nodes in found
        if impact in GRAVE and rule not in allowed
    ]
