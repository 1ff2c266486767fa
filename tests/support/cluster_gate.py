"""Lets a test stop a worker of Dask at a known place: the worker loads this file first.

The worker NAME waits at a place while there is a file NAME.PLACE in the folder $GATES. It makes
NAME.PLACE.reached before, and NAME.PLACE.passed after what follows the place. The places are
`reading`, in the middle of a part, and `renaming`, when a part is whole and has no name yet.
"""

import os
import time
from pathlib import Path

from gelu_fast._files import new_file
from gelu_fast._files.cluster import task

GATES, NAME = os.environ.get("GATES"), os.environ.get("GATE_NAME", "local")
# Dask loads this file twice.
originals = getattr(task, "originals", None) or (task.apply_file, new_file.rename)


def wait_at(place, follow):
    gate = Path(GATES, f"{NAME}.{place}")
    held = gate.exists()
    if held:
        gate.with_suffix(f".{place}.reached").touch()
        while gate.exists():
            time.sleep(0.005)
    try:
        follow()
    finally:
        if held:
            gate.with_suffix(f".{place}.passed").touch()


def gated_apply(*arguments, progress, **options):
    def gated(done, total):
        if 0 < done < total:
            wait_at("reading", lambda: progress(done, total))
        else:
            progress(done, total)

    originals[0](*arguments, progress=gated, **options)


def gated_rename(temporary, path, force):
    if path.endswith(".record"):
        originals[1](temporary, path, force)
    else:
        wait_at("renaming", lambda: originals[1](temporary, path, force))


task.originals = originals
if GATES:
    task.apply_file, new_file.rename = gated_apply, gated_rename
