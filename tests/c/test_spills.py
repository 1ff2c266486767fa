"""The loops that run most keep their constants and intermediate results in registers: a spill costs
a few percent of the time (benchmarks/NOTES.md)."""

import re
import shutil
import subprocess

import pytest
from support.c_programs import core_library

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("objdump") is None, reason="there is no objdump"),
]

LOOPS = ["gelu", "gelu_tanh", "silu", "erf", "tanh"]
KERNELS = "kernels_avx512_F32_f32_f32.o"


def instructions(symbol, path):
    """Yields (address, text) of each instruction of a function in an object file."""
    command = ["objdump", "-d", "--no-show-raw-insn", f"--disassemble={symbol}", path]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for address, instruction in re.findall(r"^ +([0-9a-f]+):\s+(.*)$", text, re.M):
        yield int(address, 16), instruction


def longest_loop(symbol, path):
    """Returns the instructions between a jump back and its target, where there are most of them."""
    code = list(instructions(symbol, path))
    loops = [[]]
    for end, instruction in code:
        jump = re.match(r"j\w+ +([0-9a-f]+) ", instruction)
        start = int(jump[1], 16) if jump else end
        loops.append([text for address, text in code if start <= address < end])
    return max(loops, key=len)


@pytest.mark.parametrize("part", ["evaluate_vectors", "evaluate_far"])
@pytest.mark.parametrize("name", LOOPS)
def test_avx512_loops(name, part, tmp_path):
    subprocess.run(["ar", "x", core_library(), KERNELS], cwd=tmp_path, capture_output=True)
    if not (tmp_path / KERNELS).exists():
        pytest.skip("the library was built without avx512")
    loop = longest_loop(f"{name}_{part}", tmp_path / KERNELS)
    assert sum("zmm" in text for text in loop) > 40
    assert [text for text in loop if "zmm" in text and re.search(r"\(%r[sb]p", text)] == []
