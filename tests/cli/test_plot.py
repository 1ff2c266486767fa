"""gelu-fast plot: pictures show the right values, and appear as complete files or not at all."""

import math
import os
import resource
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from flint import arb, ctx
from support.reference import error_ulp, reference, value

import gelu_fast
from gelu_fast._cli import plot as cli_plot
from gelu_fast._cli.command import main
from gelu_fast._cli.plots import activations, peers, ulp, variants
from gelu_fast._cli.plots import figures as plot_figures
from gelu_fast._cli.plots.figures import FigureFile
from gelu_fast._core.table import derivative, main_functions, unary_functions

MAGIC = {"png": b"\x89PNG\r\n", "svg": b"<?xml", "pdf": b"%PDF"}
PICTURES = ["activations", "variants", "ulp"]


@pytest.fixture
def plot(folder, capfd):
    """Runs gelu-fast plot, and returns what it prints."""

    def plot(*arguments):
        assert main(["plot", *map(str, arguments)]) == 0
        out, err = capfd.readouterr()
        assert err == ""
        return out

    return plot


@pytest.fixture
def refused(folder, capfd):
    """Runs gelu-fast plot, checks that it refuses and writes nothing, and returns its one line."""

    def refused(*arguments):
        before = {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}
        try:
            status = main(["plot", *map(str, arguments)])
        except SystemExit as exit:  # argparse
            status = exit.code
        out, err = capfd.readouterr()
        assert (status, out) == (2, "")
        assert err.startswith("gelu-fast: ")
        assert err.count("\n") == 1
        assert before == {p.name: p.read_bytes() for p in Path().iterdir() if p.is_file()}
        return err

    return refused


@pytest.fixture
def figures(monkeypatch):
    """Returns a list to which every figure is added before it is written."""
    drawn, list_of_figures = FigureFile.drawn, []

    @contextmanager
    def noted(self, width, height):
        with drawn(self, width, height) as figure:
            yield figure
            list_of_figures.append(figure)

    monkeypatch.setattr(FigureFile, "drawn", noted)
    return list_of_figures


def lines(axes):
    """Returns {colour: (x, y)} of the curves."""
    return {line.get_color(): line.get_data() for line in axes.lines if len(line.get_xdata()) > 100}


def texts(axes):
    return [text.get_text() for text in axes.texts]


# ---- Files


@pytest.mark.parametrize("picture", PICTURES)
def test_formats(plot, picture):
    for form, magic in MAGIC.items():
        plot(picture, "-o", f"a.{form}")
        assert Path(f"a.{form}").read_bytes().startswith(magic)
    assert sorted(os.listdir()) == ["a.pdf", "a.png", "a.svg"]


@pytest.mark.parametrize("form", MAGIC)
def test_same_command_same_file(plot, form):
    plot("variants", "-o", f"a.{form}")
    plot("variants", "--output", f"b.{form}")
    assert Path(f"a.{form}").read_bytes() == Path(f"b.{form}").read_bytes()


def test_settings_of_the_user_change_nothing(plot):
    import matplotlib

    plot("variants", "-o", "a.svg")
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "text.usetex": True}):
        plot("variants", "-o", "b.svg")
        assert matplotlib.rcParams["font.size"] == 30
    assert Path("a.svg").read_bytes() == Path("b.svg").read_bytes()


@pytest.mark.parametrize("picture", PICTURES)
def test_existing_figure(plot, refused, picture):
    Path("a.png").write_text("precious")
    assert "'a.png': exists already; --force replaces it" in refused(picture, "-o", "a.png")
    plot(picture, "-o", "a.png", "--force")
    assert Path("a.png").read_bytes().startswith(MAGIC["png"])


@pytest.mark.parametrize("picture", PICTURES)
def test_names_refused(refused, picture):
    for name in ("a.jpg", "a", "png", ".png", "a.png.gz"):
        assert f"{name!r}: the name of a figure must end in .png, .svg, .pdf" in refused(
            picture, "-o", name
        )
    assert "no such folder" in refused(picture, "-o", "missing/a.png")
    os.mkdir("b.png")
    assert "is a folder" in refused(picture, "-o", "b.png", "--force")
    assert "-o/--output" in refused(picture)


def test_refused_before_anything_is_computed(refused, monkeypatch):
    Path("a.png").write_text("precious")
    monkeypatch.setattr(ulp, "measure", None)
    refused("ulp", "-o", "a.png")


@pytest.mark.parametrize("picture", PICTURES)
def test_without_matplotlib(refused, monkeypatch, picture):
    for module in list(sys.modules):
        if module.partition(".")[0] == "matplotlib":
            monkeypatch.setitem(sys.modules, module, None)
    line = refused(picture, "-o", "a.png")
    assert "drawing needs matplotlib (the extra `plot` of gelu_fast" in line


def test_full_disk(refused):
    """A limit of the file size acts like a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        assert "a.png': File too large" in refused("variants", "-o", "a.png")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("picture", PICTURES)
def test_a_signal_leaves_nothing(folder, capfd, monkeypatch, picture):
    from matplotlib.figure import Figure

    def stop(*arguments, **options):
        os.kill(os.getpid(), signal.SIGTERM)
        return subplots(*arguments, **options)

    subplots = Figure.subplots
    monkeypatch.setattr(Figure, "subplots", stop)
    assert main(["plot", picture, "-o", "a.png"]) == 143
    assert capfd.readouterr() == ("", "gelu-fast: stopped by SIGTERM\n")
    assert os.listdir() == []


# ---- Arguments


def test_usage_errors(refused):
    assert "unknown function 'gleu': did you mean gelu?" in refused(
        "activations", "-o", "a.png", "--functions", "tanh,gleu"
    )
    assert "unknown function ''" in refused("activations", "-o", "a.png", "--functions", "")
    assert "unknown function 'gelu_backward'" in refused(
        "ulp", "-o", "a.png", "--function", "gelu_backward"
    )
    assert "PICTURE" in refused()


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("ends", ["3 3", "3 -3", "nan 1", "0 inf", "0 1e31", "1 1.0001"])
def test_ranges_refused(refused, picture, ends):
    line = refused(picture, "-o", "a.png", "--range", *ends.split())
    assert "HIGH - LOW must be at least 0.001 times the larger of |LOW| and |HIGH|" in line


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("ends", ["-1 2", "0 1e30", "-50 -40", "0 1e-30", "100 101"])
def test_ranges(plot, figures, picture, ends):
    plot(picture, "-o", "a.png", "--range", *ends.split())
    low, high = map(float, ends.split())
    left, right = figures[0].axes[0].get_xlim()
    assert low <= left < right <= high
    assert right - left > 0.99 * (high - low)


# ---- gelu-fast plot activations


def test_functions_by_default(plot, figures):
    assert {"gelu", "gelu_tanh", "sigmoid", "tanh"} <= set(main_functions())
    plot("activations", "-o", "a.png")
    titles = [axes.get_title(loc="left") for axes in figures[0].axes]
    assert [title for title in titles if title] == main_functions()


def test_every_function_is_drawn_with_its_derivative(plot, figures):
    plot("activations", "-o", "a.svg", "--functions", ",".join(unary_functions()))
    drawn = {axes.get_title(loc="left"): lines(axes) for axes in figures[0].axes}
    drawn.pop("", None)  # panels left over
    assert list(drawn) == unary_functions()
    for name, curves in drawn.items():
        x, y = curves[plot_figures.BLUE]
        np.testing.assert_array_equal(y, getattr(gelu_fast, name)(x))
        assert (plot_figures.VERMILION in curves) == (f"{name}_grad" in unary_functions())
        if derivative(name):
            x, slope = curves[plot_figures.VERMILION]
            middle = (y[2:] - y[:-2]) / (x[2:] - x[:-2])  # a central difference
            assert np.nanmedian(np.abs(slope[1:-1] - middle)) < 1e-4


def test_curve_of_gelu(plot, figures):
    plot("activations", "-o", "a.png", "--functions", "gelu", "--range", -3, 3)
    [axes] = figures[0].axes
    x, y = lines(axes)[plot_figures.BLUE]
    expected = [0.5 * t * math.erfc(-t / math.sqrt(2)) for t in x]
    np.testing.assert_allclose(y, expected, rtol=1e-14)
    assert texts(axes) == ["f", "f\N{PRIME}", "\u22120.16997\nat \u22120.75179"]


@pytest.mark.parametrize("name", [n for n in main_functions() if derivative(n)])
def test_minima(name):
    """Arb gives the same value at the minimum, and larger values on both sides."""
    x = np.linspace(-4, 4, 1001)
    found = activations.minimum(name, x, derivative(name)(x))
    grid = [float(value(name, t).mid()) for t in x[::10]]
    lowest = int(np.argmin(grid))
    has_minimum = 0 < lowest < len(grid) - 1 and grid[lowest] < min(grid[0], grid[-1])
    assert (found is not None) == has_minimum
    if found:
        at, y = found
        assert abs(value(name, at) - arb(y)) < 1e-15
        assert value(name, at - 1e-4) > value(name, at) < value(name, at + 1e-4)


def test_no_minimum_where_a_function_ends():
    x = np.linspace(-40, 40, 1001)
    slope = -np.exp(-x * x)  # it becomes 0 on both sides
    assert activations.minimum("gelu", x, slope) is None


def test_a_jump_is_a_gap():
    x = np.linspace(-1, 1, 2001)
    y = activations.broken(np.where(x < 0, 0.0, 1.0))
    assert np.isnan(y).sum() == 1
    smooth = np.tanh(x)
    np.testing.assert_array_equal(activations.broken(smooth), smooth)


# ---- gelu-fast plot variants


@pytest.mark.parametrize("name", variants.variants())
def test_largest_error_of_variant(name):
    """Arb gives the same error at this x, smaller errors beside it, and nowhere a larger error."""

    def error(x):
        with ctx.workprec(200):
            return abs(value(name, x) - value("gelu", x))

    found = variants.largest_error(name)
    most = error(found.x)
    assert abs(most - found.error) < 1e-13
    for x in (found.x - 1e-4, found.x + 1e-4):
        assert error(x) < most
    for x in np.linspace(0, 12, 2401).tolist():
        assert error(x) <= most
        assert abs(error(-x) - error(x)) < 1e-30  # so the largest error is at x and -x


def test_variants_picture(plot, figures):
    printed = plot("variants", "-o", "a.png").splitlines()
    assert [line.partition(":")[0] for line in printed] == variants.variants()
    assert "gelu_tanh: 0.000473236 at x = 2.69894 and -2.69894" in printed
    absolute, relative = figures[0].axes
    assert "gelu_tanh\n0.000473 at \u00b12.699" in texts(absolute)
    x, y = lines(absolute)[variants.VARIANTS["gelu_tanh"]]
    i = int(np.argmin(np.abs(x - 1.0)))
    exact = value("gelu", x[i])
    error = abs(value("gelu_tanh", x[i]) - exact)
    assert abs(y[i] - error) < 1e-15
    _, y = lines(relative)[variants.VARIANTS["gelu_tanh"]]
    assert abs(y[i] - error / exact) < 1e-14
    assert [text.split()[-1] for text in texts(relative)] == list(variants.ROUNDING)
    for dtype, unit in variants.ROUNDING.items():
        one = np.ones((), dtype)
        assert one + one.dtype.type(unit) == one  # a tie, to even
        assert one + one.dtype.type(1.01 * unit) > one


# ---- gelu-fast plot ulp


def row(function):
    [row] = [
        row
        for row in gelu_fast._core._ufuncs.table()
        if (row.function, row.dtype) == (function, "float32")
    ]
    return row


@pytest.mark.parametrize("function", ["gelu", "tanh"])
def test_errors_are_those_of_arb(monkeypatch, function):
    monkeypatch.setattr(ulp, "BINS", 20)
    monkeypatch.setattr(ulp, "PER_BIN", 10)
    seen = []

    def wrong(x):  # some results are wrong by about 3 ULP
        seen.append(x)
        return getattr(gelu_fast, function)(x) * np.where(x > -2, 1, 1 + 3e-7).astype(x.dtype)

    _, [found] = ulp.measure(function, {"wrong": wrong}, -5.0, 5.0, seed=1)
    [x] = seen
    expected = error_ulp(wrong(x), reference(function, "float32", x))
    np.testing.assert_allclose(found.largest, expected.reshape(20, 10).max(axis=1), atol=2e-2)
    assert found.at == x[np.argmax(expected)] < -2
    assert found.worst > 2


def test_seed_decides():
    ours = {"gelu_fast": gelu_fast.gelu}
    one, again, other = (ulp.measure("gelu", ours, -1, 1, seed)[1][0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.largest, again.largest)
    assert (one.worst, one.at) == (again.worst, again.at) != (other.worst, other.at)


def test_nan_is_at_the_top(folder, figures):
    contestants = {"gelu_fast": gelu_fast.gelu, "SciPy": lambda x: np.full_like(x, np.nan)}
    x, found = ulp.measure("gelu", contestants, -5, 5, 0)
    assert np.isinf(found[1].worst)
    ulp.draw(FigureFile("a.png", False), row("gelu"), x, found)
    [axes] = figures[0].axes
    _, y = lines(axes)[ulp.COLOURS["SciPy"]]
    assert np.all(y == ulp.MOST)
    assert axes.get_ylim()[1] == ulp.MOST


@pytest.mark.parametrize("function", unary_functions())
def test_ulp_picture(plot, figures, monkeypatch, function):
    monkeypatch.setattr(peers, "LIBRARIES", {"SciPy": missing, "NumPy expression": peers.numpy})
    printed = plot("ulp", "-o", "a.svg", "--function", function).splitlines()
    assert printed[0].startswith("gelu_fast: ")
    worst = float(printed[0].split()[1])
    assert worst <= row(function).bound_ulp
    assert "SciPy: not here" in printed
    [axes] = figures[0].axes
    names = ["gelu_fast"] + ["NumPy expression"] * (function in peers.numpy())
    assert [text for text in texts(axes) if text in ulp.COLOURS] == names
    x, y = lines(axes)[plot_figures.VERMILION]
    assert max(y) == pytest.approx(worst, rel=1e-3) or max(y) == ulp.LEAST
    low, high = ulp.shown_range(row(function))
    assert low < x[0] < x[-1] < high


def missing():
    raise ImportError("not here")


@pytest.mark.parametrize("library", peers.LIBRARIES)
def test_peers_compute_the_functions(library):
    try:
        has = peers.LIBRARIES[library]()
    except ImportError:
        pytest.skip(f"{library} is not installed")
    x = np.linspace(-3, 3, 1001).astype(np.float32)
    for function in set(unary_functions()) & set(has):
        y = has[function](x)
        assert y.dtype == np.float32
        np.testing.assert_allclose(y, getattr(gelu_fast, function)(x), rtol=1e-4, atol=1e-6)


def test_a_library_that_is_broken_takes_no_part(monkeypatch):
    def broken(x):
        raise RuntimeError("no NumPy here\nat all")

    monkeypatch.setattr(peers, "LIBRARIES", {"PyTorch": lambda: {"gelu": broken}})
    found, absent = peers.contestants("gelu")
    assert list(found) == ["gelu_fast"]
    assert absent == {"PyTorch": "no NumPy here"}


def test_names_of_curves_are_apart():
    x = np.arange(ulp.BINS)
    curves = np.array([np.zeros(x.size), np.where(x < 100, 5.0, 0.1), np.where(x > 350, 7.0, 0.2)])
    places = ulp.label_places(curves)
    assert len({place * 3 // ulp.BINS for place in places}) == 3
    assert places[1] < 100
    assert places[2] > 350


def test_help(capfd):
    with pytest.raises(SystemExit) as exit:
        main(["plot", "variants", "--help"])
    assert exit.value.code == 0
    text = capfd.readouterr().out
    assert "gelu_tanh" in text
    assert cli_plot.ULP.split(":")[0] not in text
