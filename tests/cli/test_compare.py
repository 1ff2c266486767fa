"""gelu-fast compare: plain NumPy gives the same figures, for files of any kind and size."""

import csv
import io
import json
import math
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import gelu_fast
from gelu_fast._cli.command import main
from gelu_fast._cli.comparison import comparison, saturation, timing
from gelu_fast._cli.comparison.moments import Moments
from gelu_fast._cli.plots import comparison as plot_comparison
from gelu_fast._cli.plots import figures as plot_figures
from gelu_fast._cli.plots.figures import FigureFile
from gelu_fast._core import _ufuncs, dtypes
from gelu_fast._core.table import derivative, main_functions, unary_functions

DTYPES = ["float16", "bfloat16", "float32", "float64"]
RANDOM = np.random.default_rng(5)
X = RANDOM.normal(-0.5, 3, 10_007)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(timing, "RUNS", 1)
    return tmp_path


@pytest.fixture
def compare(folder, capfd):
    """Saves an array as x.npy, runs gelu-fast compare, and returns what it prints."""

    def compare(array, *options):
        np.save("x.npy", array)
        assert main(["compare", "x.npy", *map(str, options)]) == 0
        out, err = capfd.readouterr()
        assert err == ""
        return out

    return compare


@pytest.fixture
def as_json(compare):
    def as_json(array, *options):
        def refuse(constant):
            raise ValueError(f"{constant} is not JSON")

        return json.loads(compare(array, "--json", *options), parse_constant=refuse)

    return as_json


@pytest.fixture
def refused(folder, capfd):
    """Runs gelu-fast compare, checks that it refuses, and returns its one line."""

    def refused(*arguments):
        before = sorted(os.listdir())
        try:
            status = main(["compare", *arguments])
        except SystemExit as exit:  # argparse
            status = exit.code
        out, err = capfd.readouterr()
        assert (status, out) == (2, "")
        assert err.startswith("gelu-fast: ")
        assert err.count("\n") == 1
        assert sorted(os.listdir()) == before
        return err

    return refused


def by_function(result):
    return {row["function"]: row for row in result["functions"]}


def every(*options):
    return ["--functions", ",".join(unary_functions()), *options]


# ---- What it says, against plain NumPy


def assert_statistics(row, x, small=1e-3, dead=1e-2):
    """Checks the figures of one function for the finite numbers x."""
    y = getattr(gelu_fast, row["function"])(x).astype(np.float64)
    assert row["zero"] == np.mean(y == 0)
    assert row["small"] == np.mean(np.abs(y) < small)
    slope = derivative(row["function"])
    if slope is None:
        assert row["dead"] is None
    else:
        assert row["dead"] == np.mean(np.abs(slope(x).astype(np.float64)) < dead)
    np.testing.assert_allclose(row["mean"], math.fsum(y) / y.size, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(row["std"], np.std(y), rtol=1e-12)
    assert row["overflowed"] == 0
    assert 0 < row["ns_per_element"] < math.inf


@pytest.mark.parametrize("block", [64, 1000, 1 << 16])
@pytest.mark.parametrize("dtype", DTYPES)
def test_statistics(as_json, monkeypatch, dtype, block):
    monkeypatch.setattr(comparison, "BLOCK", block)
    x = X.astype(dtype)
    x[::7] = 0
    flag = ["--bfloat16"] if dtype == "bfloat16" else []
    result = as_json(x, *every(*flag))
    wide = x.astype(np.float64)
    assert (result["dtype"], result["stored_dtype"], result["shape"]) == (dtype, dtype, [x.size])
    assert (result["min"], result["max"]) == (wide.min(), wide.max())
    np.testing.assert_allclose([result["mean"], result["std"]], [wide.mean(), wide.std()], 1e-12)
    assert list(by_function(result)) == unary_functions()
    for row in result["functions"]:
        assert_statistics(row, x)


def test_thresholds(as_json):
    result = as_json(X, *every("--small", 0.1, "--dead", 0.25))
    assert (result["small"], result["dead"]) == (0.1, 0.25)
    for row in result["functions"]:
        assert_statistics(row, X, 0.1, 0.25)


def test_json_is_for_people_too(compare):
    lines = compare(X, "--json", "--functions", "gelu").splitlines()
    assert lines[:3] == ["{", '  "file": "x.npy",', '  "dtype": "float64",']


def test_functions_by_default(as_json):
    assert list(by_function(as_json(X))) == main_functions()


@pytest.mark.parametrize("dtype", ["?", "i1", "u2", "i4", "q", ">f4", ">f8", ">i4"])
def test_other_dtypes_promote_as_in_a_call(as_json, dtype):
    x = (10 * X).astype(dtype)
    result = as_json(x, "--functions", "gelu")
    native = x.astype(x.dtype.newbyteorder("="))
    assert result["dtype"] == gelu_fast.gelu(native).dtype.name
    assert result["stored_dtype"] == native.dtype.name
    assert_statistics(result["functions"][0], native)


@pytest.mark.parametrize("shape", [(), (1,), (3, 1, 4), (30, 20)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_shapes(as_json, shape, order):
    x = np.asarray(X[: math.prod(shape)].reshape(shape), order=order)
    result = as_json(x, "--functions", "gelu")
    assert (result["shape"], result["count"]) == (list(shape), x.size)
    assert_statistics(result["functions"][0], x.ravel())


@pytest.mark.parametrize("dtype", DTYPES)
def test_nan_and_infinities_are_counted_and_left_out(as_json, monkeypatch, dtype):
    monkeypatch.setattr(comparison, "BLOCK", 100)
    x = X[:1000].astype(dtype)
    x[:100] = signalling_nan(dtype)  # one block without a finite number
    x[250:260] = np.inf
    x[360:363] = -np.inf
    flag = ["--bfloat16"] if dtype == "bfloat16" else []
    result = as_json(x, *every(*flag))
    found = [result[key] for key in ("count", "finite", "nan", "minus_inf", "plus_inf")]
    assert found == [1000, 887, 100, 3, 10]
    with np.errstate(invalid="ignore"):
        finite = x[np.isfinite(x)]
    for row in result["functions"]:
        assert_statistics(row, finite)


def signalling_nan(dtype):
    """Returns a signalling NaN. On some processors, even reading it is an invalid operation."""
    bits = np.array(np.inf, dtype)
    return (bits.view(f"u{bits.itemsize}") + np.uint8(1)).view(dtype)


def test_results_that_overflow(compare, as_json, monkeypatch):
    monkeypatch.setattr(_ufuncs, "ufuncs", lambda: {"gelu": np.square})
    x = np.array([1, 3, 300, -300], np.float16)
    [row] = as_json(x, "--functions", "gelu")["functions"]
    assert (row["overflowed"], row["mean"], row["std"], row["small"]) == (2, 5, 4, 0)
    assert main(["compare", "x.npy", "--functions", "gelu", "-o", "a.png"]) == 0
    said = "gelu: mean and std leave out 2 results that overflow float16"
    assert said in compare(x, "--functions", "gelu").splitlines()
    [row] = as_json(x[2:], "--functions", "gelu")["functions"]
    assert (row["overflowed"], row["mean"], row["std"]) == (2, None, None)


LARGEST = float(np.finfo(np.float64).max)


@pytest.mark.parametrize(
    "x",
    [
        [1e160] * 3,
        [0.1] * 3,
        [0.1] * 7 + [0.0],
        [LARGEST] * 5,
        [LARGEST, -LARGEST],
        [1e308, -1e308, 0.0, 0.0],
        [LARGEST, LARGEST, -LARGEST],
        [1e-160, 3e-160],
        [1e-300, -1e-300, 5e-301],
        [5e-324, 0.0],
        [5e-324] * 3,
        [0.0, -0.0],
        [1e300, 1e-300],
        [1e-300, 1.0, 1e200, -1e200, 1e-300],
    ],
    ids=str,
)
@pytest.mark.parametrize("block", [1, 2, 64])
def test_moments_of_any_size(as_json, monkeypatch, x, block):
    """Exact fractions give the same mean and standard deviation, at both ends of float64."""
    monkeypatch.setattr(comparison, "BLOCK", block)
    result = as_json(np.array(x), "--functions", "relu")
    numbers = [Fraction(number) for number in x]
    mean = sum(numbers) / len(x)
    variance = sum((number - mean) ** 2 for number in numbers) / len(x)
    largest = Fraction(max(map(abs, x)))
    assert abs(Fraction(result["mean"]) - mean) <= largest * Fraction(1, 2**51) + Fraction(5e-324)
    std = Fraction(result["std"])
    near = Fraction(1, 2**48)
    assert (std * (1 - near) - Fraction(5e-324)) ** 2 <= variance or not std
    assert variance <= (std * (1 + near) + largest * Fraction(1, 2**51) + Fraction(5e-324)) ** 2
    if len(set(x)) == 1:
        assert (result["mean"], result["std"]) == (x[0], 0)


def test_moments_lose_no_digits():
    """Far from zero, a difference of two sums of squares has no correct digit."""
    numbers = 1e9 + RANDOM.normal(0, 1e-2, 5000)
    moments = Moments()
    for block in np.array_split(numbers, [1, 2, 1000, 1000, 4567]):
        moments.add(block)
    exact = [Fraction(number) for number in numbers.tolist()]
    mean = sum(exact) / len(exact)
    variance = sum((number - mean) ** 2 for number in exact) / len(exact)
    assert moments.count == 5000
    assert abs(Fraction(moments.mean) - mean) < Fraction(1e-6)
    assert moments.std == pytest.approx(math.sqrt(variance), rel=1e-6)
    naive = np.sum(numbers**2) / 5000 - np.mean(numbers) ** 2
    assert naive != pytest.approx(float(variance), rel=0.5)


def test_moments_of_nothing():
    moments = Moments()
    moments.add(np.empty(0))
    assert moments.count == 0
    assert math.isnan(moments.std)


# ---- Saturation


def finite_numbers(dtype):
    """Returns all finite numbers of a 16-bit dtype in order."""
    x = np.arange(2**16, dtype=np.uint16).view(dtype)
    with np.errstate(invalid="ignore"):  # for signalling NaNs
        return np.sort(x[np.isfinite(x)].astype(np.float64)).astype(dtype)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("name", unary_functions())
def test_saturation_of_all_numbers(name, dtype):
    """The saturated numbers of each side are, by definition, the longest run from its end on whose
    results are near the limit."""
    f, x = getattr(gelu_fast, name), finite_numbers(dtype)
    low, high = saturation.saturation(name, np.dtype(dtype))
    near = float(dtypes.finfo(dtype).eps) / 2
    left, right = x[x <= 0], x[x >= 0][::-1]
    for numbers, beyond, end in ((left, left <= low, -np.inf), (right, right >= high, np.inf)):
        limit = float(f(np.array(end, dtype)))
        if np.isfinite(limit):
            apart = np.abs(f(numbers).astype(np.float64) - limit)
            inside = np.logical_and.accumulate(apart <= near * max(1, abs(limit)))
            np.testing.assert_array_equal(beyond, inside)
        else:
            assert not beyond.any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_saturation_of_known_functions(dtype):
    """Other formulas give the x where the tail is half an epsilon."""
    near = float(np.finfo(dtype).eps) / 2
    kind = np.dtype(dtype)
    low, high = saturation.saturation("sigmoid", kind)
    assert low == pytest.approx(math.log(near), rel=1e-6)
    low, high = saturation.saturation("tanh", kind)
    assert low == -high
    # tanh rounds to 1, or to the number below 1: 1 - tanh is between 1/2 and 2 times `near`.
    assert math.atanh(1 - 2 * near) < high < 0.5 * math.log(2 / (near / 2))
    low, high = saturation.saturation("gelu", kind)
    assert 0.5 * abs(low) * math.erfc(-low / math.sqrt(2)) == pytest.approx(near, rel=1e-5)
    assert high == math.inf


def test_saturated_share(as_json):
    for row in as_json(X, *every())["functions"]:
        low, high = row["saturated_at_most"], row["saturated_at_least"]
        saturated = np.zeros(X.size, bool)
        if low is not None:
            saturated |= low >= X
        if high is not None:
            saturated |= high <= X
        assert row["saturated"] == saturated.mean()


# ---- Time


def test_time_is_a_median(monkeypatch):
    """Only the functions move this clock: each by its own time, except one call by far more."""
    now, calls = 0.0, 0

    def function(seconds):
        def call(x, out):
            nonlocal now, calls
            assert x.size == out.size == timing.SIZE
            calls += 1
            now += 1000 if calls == 20 else seconds

        return call

    monkeypatch.setattr(timing, "perf_counter", lambda: now)
    monkeypatch.setattr(_ufuncs, "ufuncs", lambda: {"a": function(1e-3), "b": function(4e-5)})
    times = timing.time_per_element(["a", "b"], np.ones(3))
    np.testing.assert_allclose(np.array(times) * timing.SIZE, [1e-3, 4e-5])
    assert calls == 2 * (timing.RUNS + 1) + (timing.RUNS + 1) + 1 + 5 * timing.RUNS


@pytest.mark.parametrize("size", [1, 999, 1000, 1001, 2000, 3500])
def test_sample_is_evenly_spaced(folder, monkeypatch, size):
    monkeypatch.setattr(comparison, "BLOCK", 64)
    monkeypatch.setattr(comparison, "SAMPLE", 1000)
    np.save("x.npy", X[:size])
    found = comparison.compare_file("x.npy", ["gelu"], small=1, dead=1)
    np.testing.assert_array_equal(found.sample, X[: size : math.ceil(size / 1000)])
    assert found.sample.size <= 1000


def test_the_whole_sample_is_timed():
    assert timing.SIZE >= comparison.SAMPLE


# ---- How it says it


def test_table(compare, as_json):
    x = X.astype(np.float32)
    x[:2] = np.nan, -np.inf
    rows = by_function(as_json(x, *every()))
    lines = compare(x, *every()).splitlines()
    assert lines[0] == "'x.npy': float32, shape (10007,): 10,007 numbers, 1 NaN, 1 -inf, 0 inf"
    assert lines[1].startswith(f"from {x[2:].min():.5g} to {x[2:].max():.5g}, mean ")
    table = lines[3 : 4 + len(rows)]
    assert len({len(line) for line in table}) == 1
    header = "function zero |y|<0.001 |f'|<0.01 saturated for x mean std ns"
    assert table[0].split() == header.replace("for x", "for_x").replace("_", " ").split()
    for line, (name, row) in zip(table[1:], rows.items(), strict=True):
        function, zero, small, dead, saturated, *where, mean, std, ns = line.split()
        assert function == name
        for shown, share in ((zero, "zero"), (small, "small"), (saturated, "saturated")):
            assert_percent(shown, row[share])
        assert dead == "-" if row["dead"] is None else assert_percent(dead, row["dead"]) is None
        assert mean == f"{row['mean']:.4g}"
        assert std == f"{row['std']:.4g}"
        assert float(ns) > 0
        low, high = row["saturated_at_most"], row["saturated_at_least"]
        edges = ([] if low is None else [f"<={low:.3g}"]) + (
            [] if high is None else [f">={high:.3g}"]
        )
        assert where == (edges or ["-"])
    assert "on this computer" in lines[-1]
    assert gelu_fast.isa() in lines[-1]


def assert_percent(shown, share):
    assert shown == comparison.percent(share)


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "0.00%"), (1e-9, "<0.01%"), (0.49e-4, "<0.01%"), (0.01234, "1.23%"), (1, "100.00%")],
)
def test_percent(share, shown):
    assert comparison.percent(share) == shown


def test_csv(compare, as_json):
    rows = list(csv.DictReader(io.StringIO(compare(X, *every("--csv")))))
    expected = as_json(X, *every())["functions"]
    assert list(rows[0]) == list(expected[0])
    for row, wanted in zip(rows, expected, strict=True):
        for key in set(row) - {"function", "ns_per_element"}:
            assert (None if row[key] == "" else float(row[key])) == wanted[key]


def test_numbers_stored_otherwise_than_computed(compare):
    lines = compare(np.arange(5, dtype="i8"), "--functions", "gelu").splitlines()
    assert lines[0].startswith("'x.npy': int64, computed in float64, shape (5,): 5 numbers")


# ---- Figures


def test_figure(compare, monkeypatch):
    drawn, figures = FigureFile.drawn, []

    @contextmanager
    def noted(self, width, height):
        with drawn(self, width, height) as figure:
            yield figure
            figures.append(figure)

    monkeypatch.setattr(FigureFile, "drawn", noted)
    out = compare(X, *every("-o", "a.png"))
    assert out.startswith("'x.npy'")
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")
    [figure] = figures
    results, small, dead, saturated, times = figure.axes
    names = [label.get_text() for label in results.get_yticklabels()]
    assert names == ["the data", *unary_functions()]
    result = by_function(json.loads(run_json()))
    for axes, key, colour in (
        (small, "small", plot_figures.BLUE),
        (dead, "dead", plot_figures.VERMILION),
        (saturated, "saturated", plot_figures.PURPLE),
    ):
        expected = {i + 1: r[key] for i, r in enumerate(result.values()) if r[key] is not None}
        assert bars(axes, colour) == pytest.approx(expected)
    assert bars(small, plot_figures.INK) == pytest.approx(
        {i + 1: r["zero"] for i, r in enumerate(result.values())}
    )
    assert len(bars(times, plot_figures.GREEN)) == len(result)
    means = [line.get_xdata()[0] for line in results.lines if line.get_marker() == "o"]
    np.testing.assert_allclose(means, [X.mean(), *(r["mean"] for r in result.values())], 1e-12)


def run_json():
    done = [sys.executable, "-m", "gelu_fast", "compare", "x.npy", "--json", *every()]
    return subprocess.run(done, check=True, capture_output=True).stdout


def bars(axes, colour):
    """Returns {row: length} of the bars of a colour."""
    from matplotlib.colors import same_color

    return {
        round(bar.get_y() + bar.get_height() / 2): bar.get_width()
        for bar in axes.patches
        if same_color(bar.get_facecolor(), colour)
    }


def test_figure_of_signalling_nans(compare):
    x = X.astype("bfloat16")
    x[::3] = signalling_nan("bfloat16")
    compare(x, *every("--bfloat16", "-o", "a.svg"))


@pytest.mark.many
@pytest.mark.parametrize(
    "x",
    [
        *([0.0], [np.nan, 1.0], [3e303, -3e303], [5e-324], np.zeros(100), np.full(9, -200.0)),
        *([1.0, np.nextafter(1.0, 2)], [-3.0] * 2, [5e303] * 9, [0.0, 5e-324], [7.0, 7.0, -0.0]),
        np.append(X[:5000], [LARGEST, -LARGEST]),
    ],
    ids=[
        *("zero", "nan", "huge", "subnormal", "zeros", "far tail", "neighbours", "equal"),
        *("huge and equal", "zero and subnormal", "two values", "two huge numbers among others"),
    ],
)
@pytest.mark.parametrize("functions", [unary_functions(), ["relu"], ["tanh"]], ids=len)
def test_figure_of_awkward_numbers(compare, x, functions):
    """Warnings would be errors here."""
    compare(np.array(x), "--functions", ",".join(functions), "-o", "a.svg", "--force")


@pytest.mark.parametrize("x", [[6e307, -6e307], [LARGEST], [1.1e304, 0.0]], ids=str)
def test_figure_of_numbers_too_large(folder, capfd, x):
    np.save("x.npy", np.array(x))
    assert main(["compare", "x.npy", "--functions", "relu", "-o", "a.png"]) == 2
    out, err = capfd.readouterr()
    assert out.startswith("'x.npy'")  # the table is still printed
    assert err == "gelu-fast: 'x.npy': numbers or results beyond 1e+304 cannot be drawn\n"
    assert os.listdir() == ["x.npy"]


def test_figure_of_few_numbers_has_all_of_them(folder):
    """The x axis of a small file reaches from its least to its greatest number."""
    low, high = plot_comparison.shown_range([np.array([3.0, -2.0]), np.array([0.5])])
    assert (low, high) == (-2, 3)
    assert plot_comparison.shown_range([]) == (-1, 1)
    assert plot_comparison.shown_range([np.zeros(2)]) == (-1, 1)
    assert plot_comparison.shown_range([np.full(2, -4.0)]) == (-6, -2)
    low, high = plot_comparison.shown_range([np.arange(1101.0)])
    assert (low, high) == (1, 1099)


def test_figure_of_an_awkward_name(folder, capfd):
    name = "$\\frac$ <&\n\x01 \u4e2d \udcff.npy"
    np.save(name, X)
    assert main(["compare", name, "--functions", "gelu", "-o", "a.svg"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    assert out.isascii()
    import xml.etree.ElementTree

    xml.etree.ElementTree.parse("a.svg")


def test_without_matplotlib(refused, capfd, monkeypatch):
    for module in list(sys.modules):
        if module.partition(".")[0] == "matplotlib":
            monkeypatch.setitem(sys.modules, module, None)
    np.save("x.npy", X)
    assert "drawing needs matplotlib" in refused("x.npy", "-o", "a.png")
    assert main(["compare", "x.npy"]) == 0
    assert capfd.readouterr().out.startswith("'x.npy'")


# ---- Refusals


def test_figures_refused(refused):
    np.save("x.npy", X)
    Path("a.png").write_text("precious")
    assert "'a.png': exists already; --force replaces it" in refused("x.npy", "-o", "a.png")
    os.link("x.npy", "b.png")
    assert "is the same file as the input" in refused("x.npy", "-o", "b.png", "--force")
    assert "'a.gif': the name of a figure must end in" in refused("x.npy", "-o", "a.gif")
    assert Path("a.png").read_text() == "precious"


@pytest.mark.parametrize("shape", [(0,), (3, 0, 2)])
def test_empty_array(refused, shape):
    np.save("x.npy", np.zeros(shape))
    assert f"'x.npy': holds no numbers: its shape is {shape}" in refused("x.npy")


def test_nothing_finite(refused):
    np.save("x.npy", np.array([np.nan, np.inf, -np.inf]))
    assert "'x.npy': none of the 3 numbers is finite" in refused("x.npy")


@pytest.mark.parametrize("dtype", ["c8", "g", "U1", "S1", "V4", "M8[s]", [("a", "f4")]], ids=str)
def test_unsupported_dtype(refused, dtype):
    np.save("x.npy", np.zeros(3, dtype))
    line = refused("x.npy")
    assert f"does not support dtype {np.dtype(dtype)}: " in line
    assert "allowed are float16, float32, float64, integers and bool" in line


def test_bfloat16_is_to_be_said(refused, monkeypatch):
    np.save("x.npy", np.ones(3, "bfloat16"))
    line = refused("x.npy")
    assert "'x.npy': dtype |V2 is not supported" in line
    assert "if the numbers are bfloat16, add --bfloat16" in line
    monkeypatch.setattr(dtypes, "BFLOAT16", None)
    monkeypatch.setattr(dtypes, "WHY_NO_BFLOAT16", "ml_dtypes cannot be imported: gone")
    line = refused("x.npy", "--bfloat16")
    assert "bfloat16 is not available: ml_dtypes cannot be imported: gone" in line


@pytest.mark.parametrize("dtype", ["f2", "f4", "u2", "V4"])
def test_bfloat16_is_not_to_be_said_of_others(refused, dtype):
    np.save("x.npy", np.ones(3, dtype))
    line = refused("x.npy", "--bfloat16")
    assert "--bfloat16 needs dtype |V2, as which np.save stores bfloat16, not " in line


def test_unreadable_files(refused):
    assert "'x.npy': No such file or directory" in refused("x.npy")
    Path("x.npy").write_bytes(b"1, 2, 3\n")
    assert "'x.npy': not a readable .npy file" in refused("x.npy")
    np.save("x.npy", X)
    os.truncate("x.npy", 1000)
    assert "'x.npy': truncated: expected 80056 bytes of data, found 872" in refused("x.npy")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--small", "0"], "--small: must be a finite number above 0, not 0"),
        (["--dead", "-1"], "--dead: must be a finite number above 0, not -1"),
        (["--dead", "nan"], "--dead: must be a finite number above 0, not nan"),
        (["--dead", "some"], "--dead: must be a number, not 'some'"),
        (["--json", "--csv"], "not allowed with"),
        (["--functions", "gelu,"], "unknown function ''"),
        (["--functions", "gelu_backward"], "unknown function 'gelu_backward'"),
        (["more"], "unrecognized arguments"),
    ],
)
def test_usage_errors(refused, options, said):
    np.save("x.npy", X)
    assert said in refused("x.npy", *options)


def test_a_signal(folder, capfd, monkeypatch):
    def stop(self, block):
        os.kill(os.getpid(), signal.SIGTERM)  # background jobs ignore SIGINT
        return add(self, block)

    add = comparison.Numbers.add
    monkeypatch.setattr(comparison.Numbers, "add", stop)
    np.save("x.npy", X)
    assert main(["compare", "x.npy", "-o", "a.png"]) == 143
    assert capfd.readouterr() == ("", "gelu-fast: stopped by SIGTERM\n")
    assert os.listdir() == ["x.npy"]


# ---- Memory

PEAK_MEMORY = """
from gelu_fast._cli.command import main
main({arguments})
with open("/proc/self/status") as status:
    [peak] = [line.split()[1] for line in status if line.startswith("VmHWM")]
print(peak)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no /proc to measure with")
def test_memory_is_bounded(folder):
    nbytes = 96 << 20
    np.save("small.npy", np.ones(1 << 17, np.float32))
    with open("large.npy", "wb") as file:  # a sparse file takes no space on the disk
        header = {"descr": "<f4", "fortran_order": False, "shape": (nbytes // 4,)}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + nbytes)

    def peak(name):
        code = PEAK_MEMORY.format(arguments=["compare", name, "--functions", "gelu", "--csv"])
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        return 1024 * int(run.stdout.split()[-1])

    assert peak("large.npy") - peak("small.npy") < 8 << 20
