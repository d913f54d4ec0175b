"""All of it, in the order of the page."""

from workshop.doctor import files, lab, machine, packages, settings, tensorflow
from workshop.doctor.finding import Finding


def examine(*, time_limit_s: float = 180) -> list[Finding]:
    """Look at everything that the course needs.

    Args:
        time_limit_s: seconds that TensorFlow may take to start.

    Returns:
        The findings, in the order of the page. Nothing is changed or downloaded.
    """
    return [
        packages.python(),
        machine.system(),
        *tensorflow.tensorflow(time_limit_s=time_limit_s),
        *tensorflow.builds(),
        machine.memory(),
        *files.folder(),
        files.edition(),
        files.data(),
        *packages.versions(),
        *packages.extras(),
        *settings.settings(),
        machine.port(),
        machine.cluster(),
        *lab.labs(),
    ]
