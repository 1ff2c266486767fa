"""Variables that outlive a call are shared by all threads: the core has only those of this list,
each of which runtime/ reads and writes in a way that is safe (runtime/atomic.h)."""

import re
import shutil
import subprocess

import pytest
from support.c_programs import core_library

SHARED = {
    "cost_of_lookup": "the time per byte of a lookup",
    "costs": "the time per element of each row",
    "current": "the instruction set in use",
    "features": "the text of gf_cpu_features, written when the library is loaded",
    "features_are_written": "whether it is",
    "far_bytes": "the size from which calls prefetch",
    "last_short_call": "when a call was last too short to wake sleeping threads",
    "short_calls": "how many such calls there were in quick succession",
    "least_ns": "the time that a thread of a call must have work for",
    "least_bytes": "the size from which results are streamed",
    "known": "whether the processor has AVX-512 VBMI",
    "number": "how many threads a call has",
    "pool_is_taken": "whether a call has the pool of threads",
    "the_pool": "the pool of threads",
}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("objdump") is None, reason="there is no objdump")
def test_writable_data():
    """No kernel has a variable of its own. `.data.rel.ro` is read-only after loading."""
    command = ["objdump", "--syms", core_library()]
    symbols = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.findall(
        r" O \.(?:data|bss|tdata|tbss)(?!\.rel\.ro)\S*\s+\w+\s+(\S+)$", symbols, re.M
    )
    names = {name.split(".")[0] for name in found}
    assert "current" in names
    assert names <= set(SHARED)
