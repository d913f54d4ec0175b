"""Loaded by every kernel of the environment at its start: TensorFlow's settings, ipykernel mended.

In ipykernel 7.1 to 7.3 replies are sent on the socket behind the back of the stream that reads
requests from it. A request that arrives at that moment is never seen, nor any after it: cells stay
at `[*]` while the kernel is idle. With the stream in the socket's place replies go through the
stream, which is how ipykernel 7.4.0 mends it.
"""

import os

# As in start.py, for whoever starts the kernel in another way.
CARD = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "NVIDIA_TF32_OVERRIDE": "0"}
# TensorFlow's builds for x86 have oneDNN, and use it of themselves on processors with VNNI only. On
# others, too, convolutions then take a third of the time.
PROCESSOR = {"TF_ENABLE_ONEDNN_OPTS": "1"}


def load_ipython_extension(shell) -> None:
    """Set what TensorFlow reads before it starts; let the stream that reads requests also reply.

    Args:
        shell: the kernel's `ipykernel.zmqshell.ZMQInteractiveShell`.
    """
    for name, value in (CARD | PROCESSOR).items():
        os.environ.setdefault(name, value)
    manager = shell.kernel.shell_channel_thread.manager
    manager._shell_socket = shell.kernel.shell_stream  # noqa: SLF001 - there is no public way
