"""Processes that end with the one that started them, however it ends."""

import ctypes
import os
import signal
import sys

# prctl(2): the signal that the kernel sends to a process when its parent dies
PR_SET_PDEATHSIG = 1
STARTER = "PORTAL_STARTER"

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with(parent: int) -> None:
    """Let the kernel kill this process when *parent* dies, even by SIGKILL; at once if it is dead already."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def remember_this_process() -> None:
    """Name this process to those that it is about to start."""
    os.environ[STARTER] = str(os.getpid())


def end_with_remembered_process() -> None:
    """End this process with the one that `remember_this_process` named, where this is a child of it."""
    starter = os.environ.get(STARTER)
    if starter is not None and int(starter) != os.getpid():
        end_with(int(starter))
