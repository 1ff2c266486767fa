"""Compiles GPU kernels for three generations of GPUs with NVRTC, as CuPy does: the kernels of one
function of each kind, and all kernels in the long tests. These tests need no GPU. No kernel
may spill registers into memory, because that is slow."""

import re
import sys

import pytest
from support.table import COMPOUNDS, KINDS, ROWS

from gelu_fast.cuda import _launch, _source

if not sys.platform.startswith("linux"):
    pytest.skip("CuPy is tested on Linux", allow_module_level=True)

from cupy.cuda import nvrtc

ARCHITECTURES = ["sm_80", "sm_90", "sm_100"]
# The options that CuPy adds, and one for a report
ADDED = ["-ftz=true", "--device-as-default-execution-space", "--ptxas-options=-v"]
OPTIONS = [*_launch.OPTIONS, *ADDED]
FUNCTIONS = [
    pytest.param(name, marks=() if name in KINDS else pytest.mark.long)
    for name in dict.fromkeys(row.function for row in [*ROWS, *COMPOUNDS])
]


def compiled(source, architecture):
    """Returns (the binary, the messages of the compiler)."""
    program = nvrtc.createProgram(source, "kernel.cu", (), ())
    try:
        nvrtc.compileProgram(program, [*OPTIONS, f"--gpu-architecture={architecture}"])
        return nvrtc.getCUBIN(program), nvrtc.getProgramLog(program)
    except nvrtc.NVRTCError as error:
        raise AssertionError(nvrtc.getProgramLog(program)) from error
    finally:
        nvrtc.destroyProgram(program)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_compiles_without_spills(function, architecture):
    for (name, _), row in _launch.ROWS.items():
        if name != function:
            continue
        binary, log = compiled(_source.source(row), architecture)
        for kind in ("vectors", "elements"):
            kernel = _source.kernel_name(row, kind)
            assert kernel.encode() in binary
            # ptxas reports the name of each kernel, then the resources that it uses
            about = log[log.index(f"Compiling entry function '{kernel}' for '{architecture}'") :]
            frame, stores, loads = re.search(
                r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads", about
            ).groups()
            assert (frame, stores, loads) == ("0", "0", "0"), kernel
        assert "warning" not in log, log


def test_flush_to_zero_changes_no_instruction():
    """Float arithmetic uses instructions that keep subnormal numbers."""
    source = _source.source(_launch.ROWS["gelu", "float32"])
    program = nvrtc.createProgram(source, "kernel.cu", (), ())
    nvrtc.compileProgram(program, [*OPTIONS, "--gpu-architecture=compute_90"])
    text = nvrtc.getPTX(program)
    text = text.decode() if isinstance(text, bytes) else text
    assert "fma.rn.f32" in text
    assert not re.findall(r"\.ftz", text)


def test_errors_are_seen():
    source = _source.source(_launch.ROWS["gelu", "float32"])
    with pytest.raises(AssertionError, match="v_minus"):
        compiled(source.replace("v_minus(v top", "v_less(v top"), "sm_90")
