"""gelu-fast info, help and version."""

import os
import subprocess
import sys

import pytest

import gelu_fast
from gelu_fast._cli.command import main
from gelu_fast._core import _ufuncs
from gelu_fast._core.dispatch import force_isa


def run(*arguments, **options):
    command = [sys.executable, "-m", "gelu_fast", *arguments]
    return subprocess.run(command, text=True, stderr=subprocess.PIPE, **options)


@pytest.fixture
def info(capfd):
    def info():
        assert main(["info"]) == 0
        out, err = capfd.readouterr()
        assert err == ""
        return out

    return info


@pytest.mark.parametrize("isa", gelu_fast.available_isas())
def test_instruction_sets(info, isa):
    with force_isa(isa):
        lines = info().splitlines()
    assert lines[0] == f"gelu_fast {gelu_fast.__version__}"
    said = {label.strip(): value for label, _, value in (line.partition("  ") for line in lines)}
    said = {label: value.strip() for label, value in said.items()}
    assert said["instruction set in use"] == isa
    assert said["compiled in"].split(", ") == [name for name, _ in _ufuncs.isas()]
    assert said["usable on this CPU"].split(", ") == list(gelu_fast.available_isas())
    assert said["CPU features"] in (_ufuncs.cpu_features(), "none that gelu_fast uses")


def test_every_bound_of_the_table_is_shown(info):
    lines = info().splitlines()
    header = next(line for line in lines if line.split()[:1] == ["float16"])
    for row in _ufuncs.table():
        line = next(line for line in lines if line.split()[:1] == [row.function])
        end = header.index(row.dtype) + len(row.dtype)
        assert float(line[:end].split()[-1]) == row.bound_ulp
        assert line.endswith(row.formula)


def test_version(capfd):
    with pytest.raises(SystemExit) as exit:
        main(["--version"])
    assert exit.value.code == 0
    assert capfd.readouterr().out == f"gelu_fast {gelu_fast.__version__}\n"


def test_help(capfd):
    with pytest.raises(SystemExit) as exit:
        main(["apply", "--help"])
    assert exit.value.code == 0
    text = capfd.readouterr().out
    assert "  gelu-fast apply activations.npy out.npy --function gelu" in text
    for row in _ufuncs.table():
        assert (row.function in text) == (row.nin == 1)


def test_python_m_is_the_command():
    done = run("info", stdout=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"gelu_fast {gelu_fast.__version__}\n")
    done = run("apply", stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("gelu-fast: ")


@pytest.mark.parametrize("arguments", [["info"], ["--help"]], ids=" ".join)
def test_a_reader_that_has_gone(arguments):
    read, write = os.pipe()
    os.close(read)
    try:
        done = run(*arguments, stdout=write)
    finally:
        os.close(write)
    assert done.stderr == ""
    # The status is 0 if standard output is unbuffered, because argparse ignores such an error.
    assert done.returncode in ([141] if arguments == ["info"] else [141, 0])


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_standard_output_on_a_full_disk():
    with open("/dev/full", "w") as full:
        done = run("info", stdout=full)
    assert done.returncode == 2
    assert done.stderr == "gelu-fast: standard output: No space left on device\n"
