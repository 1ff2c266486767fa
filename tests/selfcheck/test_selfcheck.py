"""selfcheck tests the right inputs, finds wrong results, and restores the instruction set."""

import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from support.bits import assert_same_bits, bits
from support.table import DTYPES, FUNCTIONS, ROWS

import gelu_fast
from gelu_fast._cli.command import main
from gelu_fast._core import _ufuncs
from gelu_fast._core.dispatch import force_isa
from gelu_fast._core.dtypes import finfo
from gelu_fast._selfcheck import inputs as selfcheck_inputs
from gelu_fast._selfcheck import run as selfcheck_run
from gelu_fast._selfcheck.inputs import SIZE, Block, block_count, block_inputs, blocks

pytestmark = pytest.mark.kinds

ISAS = gelu_fast.available_isas()
SOME = next(row for row in ROWS if row.dtype == "float32" and row.nin == 1)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Makes selfcheck test one block of random numbers instead of dozens, with few float64
    numbers."""
    once = dict.fromkeys(selfcheck_inputs.SAMPLED, 1)
    monkeypatch.setattr(selfcheck_inputs, "SAMPLED", once)
    monkeypatch.setitem(SIZE, 8, 64)


def test_all_is_well(ufunc, isa):
    name = ufunc.__name__
    results = gelu_fast.selfcheck(name, isa)
    rows = [row for row in ROWS if row.function == name]
    assert [(r.function, r.dtype, r.isa) for r in results] == [(name, r.dtype, isa) for r in rows]
    for row, result in zip(rows, results, strict=True):
        assert result.passed, result
        assert result.bound_ulp == row.bound_ulp
        assert result.inputs > (65536 if row.dtype != "float64" else 64)
        assert len(result.worst) == row.nin
        # The result gives the function's value and error correctly (except in float64).
        x = [np.array([value], row.dtype) for value in result.worst]
        assert ufunc(*x)[0] == result.got
        ulp = np.spacing(np.array(abs(result.want), row.dtype)).astype(float)
        if row.dtype != "float64":
            assert abs(result.got - result.want) / ulp == pytest.approx(result.max_ulp, rel=1.01)


def test_functions_and_isas_by_default(monkeypatch):
    seen = set()

    def check_block(block, isas, seed, bounds):
        seen.add((block.function, block.dtype, *isas))
        return block, [selfcheck_run.Worst(1, 0.0, (0.0,), 0.0, 0.0)] * len(isas)

    monkeypatch.setattr(selfcheck_run, "check_block", check_block)
    assert len(gelu_fast.selfcheck()) == len(ROWS) * len(ISAS)
    assert seen == {(row.function, row.dtype, *ISAS) for row in ROWS}


# ---- What is wrong is found


def replace(monkeypatch, name, function):
    """Makes selfcheck measure another function under this name."""
    functions = {**_ufuncs.ufuncs(), name: function}
    monkeypatch.setattr(_ufuncs, "ufuncs", lambda: functions)


def spoil(monkeypatch, row, isa, change):
    """Makes change(x, y) alter the values y of a function at x, in the row's dtype on one
    instruction set."""
    ufunc = getattr(gelu_fast, row.function)

    def spoiled(*inputs):
        y = ufunc(*inputs)
        if y.dtype == row.dtype and gelu_fast.isa() == isa:
            change(inputs[-1], y)
        return y

    replace(monkeypatch, row.function, spoiled)


def one_wrong(row):
    """Returns a change that moves one value beyond its bound, at an input that is always tested."""

    def change(x, y):
        where = (x == np.array(row.worst, row.dtype)) & np.isfinite(y)
        where &= (y != 0) | (row.nin == 1)  # if dy is 0, any error is infinite
        y[where] += np.spacing(y[where]) * np.array(np.ceil(2 * row.bound_ulp) + 1, row.dtype)

    return change


def test_one_wrong_value_is_found(monkeypatch, row, isa):
    spoil(monkeypatch, row, isa, one_wrong(row))
    results = {(r.dtype, r.isa): r for r in gelu_fast.selfcheck(row.function)}
    broken = results.pop((row.dtype, isa))
    assert not broken.passed
    assert all(result.passed for result in results.values())
    assert broken.function == row.function
    assert broken.worst[-1] == np.array(row.worst, row.dtype)
    # Just below a power of two, one ULP of the result can be two ULP of the exact value.
    assert row.bound_ulp < broken.max_ulp < 5 * row.bound_ulp + 4
    assert broken.got != broken.want


@pytest.mark.parametrize(
    ("at", "value"),
    [(-np.inf, np.nan), (np.inf, np.nan), (np.nan, 1.0), (1.0, np.nan), (1.0, np.inf), (1.0, -0.0)],
)
@pytest.mark.parametrize("dtype", DTYPES)
def test_wrong_special_values_are_found(monkeypatch, dtype, at, value):
    [row] = [row for row in ROWS if (row.function, row.dtype) == (SOME.function, dtype)]

    def change(x, y):
        y[(x == at) | (np.isnan(x) & np.isnan(at))] = value

    spoil(monkeypatch, row, ISAS[-1], change)
    [broken] = [r for r in gelu_fast.selfcheck(row.function, ISAS[-1]) if not r.passed]
    assert broken.dtype == dtype
    assert broken.max_ulp == np.inf
    assert_same_bits(np.array([broken.got]), np.array([value]))


def test_wrong_sign_of_zero_is_found(monkeypatch, row):
    """The input is zero, or the result is too small for the dtype."""
    ufunc = getattr(gelu_fast, row.function)
    for x in (-0.0, -(2.0**14)):
        inputs = [np.ones(1, row.dtype)] * (row.nin - 1) + [np.array([x], row.dtype)]
        if ufunc(*inputs)[0] != 0:
            continue

        def change(x, y, at=x):
            y[(x == at) & (y == 0)] *= -1

        # -2^14 is not among the points, but among the bit patterns of 16-bit dtypes.
        if x == 0 or (np.dtype(row.dtype).itemsize == 2 and row.nin == 1):
            with monkeypatch.context() as patch:
                spoil(patch, row, ISAS[-1], change)
                results = gelu_fast.selfcheck(row.function, ISAS[-1])
            assert [r.dtype for r in results if not r.passed] == [row.dtype]


def test_command_names_the_failing_input(monkeypatch, capfd):
    isa = ISAS[0]
    spoil(monkeypatch, SOME, isa, one_wrong(SOME))
    assert main(["selfcheck", "--function", SOME.function]) == 1
    out, err = capfd.readouterr()
    assert err == ""
    at = np.float32(SOME.worst).item().hex()
    assert re.search(
        rf"^BROKEN BOUND: {SOME.function}\({at}\) in float32 on {isa} is -?0x\S+, the exact value"
        rf" rounds to -?0x\S+, the error is \d\S* ULP, the bound is {SOME.bound_ulp:g}$",
        out,
        re.MULTILINE,
    )
    assert out.endswith(f"\nbroken bounds: 1 of {len(DTYPES) * len(ISAS)}\n")


# ---- The command


def test_command_prints_every_error(capfd):
    assert main(["selfcheck", "--function", "erf", "--function", "tanh", "--seed", "5"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    first, _, header, *lines, last = out.splitlines()
    assert first.startswith(f"gelu_fast {gelu_fast.__version__} on ")
    assert first.endswith("; seed 5")
    assert header.split() == ["function", "dtype", "inputs", "bound", *ISAS]
    expected = {}
    for r in gelu_fast.selfcheck(["erf", "tanh"], seed=5):
        columns = r.function, r.dtype, f"{r.inputs:,}", f"{r.bound_ulp:g}"
        expected.setdefault(columns, []).append(f"{r.max_ulp:.4f}")
    assert [line.split() for line in lines] == [[*k, *v] for k, v in expected.items()]
    assert last == f"all {2 * len(DTYPES) * len(ISAS)} errors are within their bounds"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], (FUNCTIONS, list(ISAS), False, 0, 1)),
        (["--all"], (FUNCTIONS, list(ISAS), True, 0, os.cpu_count())),
        (
            ["--isa", "scalar", "--isa", "scalar", "--function", "erf", "--jobs", "3", "--all"],
            (["erf"], ["scalar"], True, 0, 3),
        ),
    ],
)
def test_options(monkeypatch, capfd, options, expected):
    def run(functions, isas, *, exhaustive, seed, jobs, progress):
        assert (functions, isas, exhaustive, seed, jobs) == expected
        found = selfcheck_run.SelfcheckResult("f", "float32", "scalar", 1, 0.5, 1.0, (), 0.0, 0.0)
        return [found]

    monkeypatch.setattr(selfcheck_run, "run", run)
    assert main(["selfcheck", *options]) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--function", "geul"], "unknown function 'geul': did you mean gelu? allowed are gelu, "),
        (["--isa", "abacus"], "unknown instruction set 'abacus': allowed are "),
        (["--seed", "-1"], "argument --seed: must be at least 0, not -1"),
        (["--seed", "x"], "argument --seed: must be an integer, not 'x'"),
        (["--jobs", "0"], "argument --jobs: must be at least 1, not 0"),
        (["extra"], "unrecognized arguments: extra"),
    ],
)
def test_command_refuses(capfd, options, message):
    with pytest.raises(SystemExit) as exit:
        main(["selfcheck", *options])
    out, err = capfd.readouterr()
    assert (exit.value.code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_interrupt(monkeypatch, capfd):
    """Ctrl-C comes while an instruction set is forced."""
    kernel = getattr(gelu_fast, SOME.function)

    def impatient(x):
        os.kill(os.getpid(), signal.SIGINT)
        return kernel(x)

    replace(monkeypatch, SOME.function, impatient)
    given = signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs ignore it
    try:
        before = gelu_fast.isa(), signal.getsignal(signal.SIGINT)
        assert main(["selfcheck", "--isa", ISAS[-1]]) == 130
        assert capfd.readouterr() == ("", "gelu-fast: stopped by SIGINT\n")
        assert (gelu_fast.isa(), signal.getsignal(signal.SIGINT)) == before
    finally:
        signal.signal(signal.SIGINT, given)


def is_gone(group):
    """Returns whether a process group soon has no process left."""
    for _ in range(300):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 0.5])
def test_interrupt_of_several_processes(delay):
    """Ctrl-C reaches all processes, perhaps while some of them start."""
    command = [sys.executable, "-c", "from gelu_fast.__main__ import run; print(flush=True); run()"]
    job = subprocess.Popen(
        [*command, "selfcheck", "--jobs", "2", "--all"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        job.stdout.readline()
        time.sleep(delay + 0.2)
        os.killpg(job.pid, signal.SIGINT)
        out, err = job.communicate(timeout=60)
    finally:
        job.kill()
        job.wait()
    assert (job.returncode, out, err) == (130, "", "gelu-fast: stopped by SIGINT\n")
    assert is_gone(job.pid)


# ---- The library


def test_isa_in_use_is_left(isa):
    gelu_fast.selfcheck("tanh")
    assert gelu_fast.isa() == isa


def test_isa_in_use_is_left_by_a_failure(monkeypatch, isa):
    replace(monkeypatch, "erf", lambda x: 1 / 0)
    for other in ISAS:
        with pytest.raises(ZeroDivisionError):
            gelu_fast.selfcheck("erf", other)
        assert gelu_fast.isa() == isa


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"functions": "geul"}, ValueError, "functions: unknown name 'geul'; allowed are gelu"),
        ({"functions": []}, ValueError, "functions must not be empty; allowed are gelu"),
        ({"functions": [gelu_fast.erf]}, TypeError, "functions must be a name .*, not ufunc"),
        ({"functions": 3}, TypeError, "functions must be a name .*, not int"),
        ({"isas": ["scalar", "abacus"]}, ValueError, "isas: unknown name 'abacus'; allowed are"),
        ({"seed": 0.5}, TypeError, "seed must be an integer, not float"),
        ({"seed": -1}, ValueError, "seed must be at least 0, not -1"),
        ({"jobs": 0}, ValueError, "jobs must be at least 1, not 0"),
        ({"jobs": None}, TypeError, "jobs must be an integer, not NoneType"),
    ],
)
def test_library_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        gelu_fast.selfcheck(**arguments)


@pytest.mark.slow
def test_several_processes_find_the_same(monkeypatch):
    monkeypatch.undo()  # the patch does not affect other processes
    assert gelu_fast.selfcheck("tanh", jobs=2) == gelu_fast.selfcheck("tanh")


# ---- The inputs


def test_seed(row):
    block = Block(row.function, row.dtype, "random", 0)
    first, again, other = (block_inputs(block, seed) for seed in (1, 1, 2))
    for x, y, z in zip(first, again, other, strict=True):
        assert_same_bits(x, y)
        assert (bits(x) != bits(z)).mean() > 0.5
    assert len({x.dtype for x in first}) == 1


def test_points(row):
    """The points contain the special values, and the ends of the domain and the worst input with
    their neighbours."""
    x = block_inputs(Block(row.function, row.dtype, "points", 0), 0)[-1]
    info = finfo(row.dtype)
    for value in map(float, (0.0, info.max, info.tiny, info.smallest_subnormal, np.inf)):
        assert {-value, value} <= set(x.tolist())
    assert {False, True} == set(np.signbit(x[x == 0]).tolist())
    assert np.isnan(x).any()
    for value in np.array([row.lo, row.hi, row.worst], row.dtype):
        for direction in np.array([-np.inf, np.inf], row.dtype):
            assert np.nextafter(value, direction) in x
            assert value in x


@pytest.mark.parametrize("exhaustive", [False, True])
def test_every_pattern(row, exhaustive):
    """The blocks contain every bit pattern of the 16-bit dtypes, and of float32 if `exhaustive`."""
    if row.nin > 1 or row.dtype == "float64":
        return
    [points, *rest] = blocks(row, exhaustive)
    assert points.kind == "points"
    assert block_count(row, exhaustive) == 1 + len(rest)
    if row.dtype == "float32" and not exhaustive:
        assert {block.kind for block in rest} == {"random"}
        return
    assert {block.kind for block in rest} == {"patterns"}
    assert [block.index for block in rest] == list(range(len(rest)))
    size = SIZE[np.dtype(row.dtype).itemsize]
    assert len(rest) * size == 2 ** (8 * np.dtype(row.dtype).itemsize)
    uint = selfcheck_inputs.unsigned(row.dtype)
    for block in (rest[0], rest[-1]):
        [x] = block_inputs(block, 0)
        first = block.index * size
        np.testing.assert_array_equal(x.view(uint), np.arange(first, first + size, dtype=uint))


def test_force_isa_is_what_selfcheck_measures(monkeypatch, isa):
    seen = []
    replace(monkeypatch, "tanh", lambda x: seen.append(gelu_fast.isa()) or np.tanh(x))
    with force_isa(ISAS[0]):
        gelu_fast.selfcheck("tanh", isa)
    assert set(seen) == {isa}
