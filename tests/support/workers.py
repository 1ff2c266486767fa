"""The threads that the C core has made in this process."""

import sys
from pathlib import Path

HAS_TASKS = sys.platform == "linux"


def workers():
    """{thread: its blocked signals, as bits}; Linux tells the name of every thread."""
    found = {}
    for task in Path("/proc/self/task").iterdir():
        if (task / "comm").read_text().startswith("gelu_fast-"):
            [blocked] = [
                line.split()[1]
                for line in (task / "status").read_text().splitlines()
                if line.startswith("SigBlk:")
            ]
            found[int(task.name)] = int(blocked, 16)
    return found
