"""examples/activation_study.py: its networks have correct gradients and equal budgets, its runs are
reproducible, its statistics follow the formulas, and docs/ACTIVATION_STUDY.md shows its results."""

import json
import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from support import ROOT

import gelu_fast

PROGRAM = ROOT / "examples" / "activation_study.py"
sys.path.append(str(PROGRAM.parent))

from study import comparisons, report, statistics, training  # noqa: E402
from study.data import Split, nearest_neighbour  # noqa: E402
from study.experiment import NETWORKS, Settings, experiment  # noqa: E402
from study.network import Network  # noqa: E402
from study.units import UNITS  # noqa: E402

CASES = [(network, unit) for network, units in NETWORKS.items() for unit in units]
cases = pytest.mark.parametrize(
    ("network", "unit"), CASES, ids=[f"{network}-{unit.label}" for network, unit in CASES]
)
units = pytest.mark.parametrize("unit", UNITS, ids=[unit.label for unit in UNITS])
UNIT = {unit.label: unit for unit in UNITS}


def small(unit, residual, dtype=np.float64):
    return Network(unit, residual, 5, 6, 3, 4, np.random.default_rng(1), dtype)


def images(count, pixels, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return Split(rng.standard_normal((count, pixels)).astype(dtype), np.arange(count) % 4)


# ---- Networks


@cases
def test_gradients(network, unit):
    """The gradients of the loss by all parameters agree with finite differences in float64."""
    net, split, h = small(unit, network == "residual"), images(7, 5), 1e-6

    def loss():
        return training.loss_and_gradient(net.forward(split.x), split.label)

    net.parameters += 0.01 * np.random.default_rng(2).standard_normal(net.parameters.shape)
    net.backward(loss()[1])
    found = net.gradients.copy()
    for i, value in enumerate(net.parameters.tolist()):
        net.parameters[i] = value + h
        above = loss()[0]
        net.parameters[i] = value - h
        below = loss()[0]
        net.parameters[i] = value
        assert abs(found[i] - (above - below) / (2 * h)) < 1e-8
    assert (np.abs(found) > 1e-4).mean() > 0.5


def test_budgets_are_equal():
    for features in (3, 48):
        budgets = {
            sum(math.prod(shape) for shape in unit.shapes(features).values()) for unit in UNITS
        }
        assert budgets == {4 * features**2 + 3 * features}
    with pytest.raises(ValueError, match=r"^features must be a multiple of 3; got 4$"):
        UNITS[0].shapes(4)
    sizes = {len(small(unit, residual).parameters) for unit in UNITS for residual in (False, True)}
    assert len(sizes) == 1


@units
def test_mean_square(unit):
    """The mean square agrees with the trapezoidal rule."""
    x = np.linspace(-12, 12, 240_001)
    density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    expected = (
        getattr(gelu_fast, unit.activation)(x, *unit.parameters) ** 2 * density
    ).sum() * 1e-4
    assert unit.mean_square() == pytest.approx(expected, rel=1e-7)


def test_he_initialisation():
    """ReLU uses the rule of He and others: the weights after the units have variance 2 / n_in."""
    assert UNIT["ReLU"].mean_square() == pytest.approx(0.5, rel=1e-12)
    net = Network(UNIT["ReLU"], False, 5, 300, 1, 4, np.random.default_rng(0))
    parameters = net.blocks[0].parameters
    for name, expected in {"w1": 1 / 300, "w2": 2 / 600}.items():
        count = parameters[name].size
        deviation = expected * math.sqrt(2 / count)  # the deviation of a mean of `count` squares
        assert abs(np.square(parameters[name], dtype=float).mean() - expected) < 5 * deviation
    assert not parameters["b1"].any()


def test_seed_gives_the_same_start():
    """All units without gates start from the same random numbers."""
    first, other = small(UNIT["ReLU"], True), small(UNIT["tanh"], True)
    assert np.array_equal(first.blocks[1].parameters["w1"], other.blocks[1].parameters["w1"])
    assert not np.array_equal(first.blocks[0].parameters["w1"], first.blocks[1].parameters["w1"])


@pytest.mark.parametrize("name", ["GEGLU", "SwiGLU"])
def test_why_no_gated_units_in_the_plain_network(name):
    with np.errstate(over="ignore", invalid="ignore"):
        found = [
            training.new_network(UNIT[name], False, images(997, 64, seed, np.float32), seed)
            .forward(images(997, 64, seed, np.float32).x)
            for seed in range(3)
        ]  # fmt: skip
    assert not all(np.isfinite(logits).all() for logits in found)


# ---- Training


def test_loss():
    logits, label = np.array([[1.0, 2.0, 0.5], [900.0, 0.0, -900.0]]), np.array([2, 0])
    loss, gradient = training.loss_and_gradient(logits, label)
    total = math.exp(1) + math.exp(2) + math.exp(0.5)
    assert loss == pytest.approx((math.log(total) - 0.5) / 2, rel=1e-14)
    expected = [math.exp(1) / total / 2, math.exp(2) / total / 2, (math.exp(0.5) / total - 1) / 2]
    assert gradient[0] == pytest.approx(expected, rel=1e-14)
    assert gradient[1] == pytest.approx([0, 0, 0], abs=1e-300)


def test_adam():
    """Adam agrees with the algorithm of the paper on one number, with a falling rate."""
    x, slopes, rate = np.array([0.5]), [0.1, -2.0, 30.0], 0.01
    optimiser = training.Adam(x, rate, 4)
    m = v = 0.0
    expected = 0.5
    for t, g in enumerate(slopes, start=1):
        optimiser.step(np.array([g]))
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        falling = rate * (5 - t) / 4
        expected -= falling * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        assert x[0] == pytest.approx(expected, rel=1e-12)


@units
def test_steepness(unit):
    """The steepness agrees with finite differences of the unit's output."""
    block, x, h = small(unit, True).blocks[0], images(9, 6).x, 1e-6
    inputs = [x @ w.T for name, w in block.parameters.items() if name in ("w1", "w_gate", "w_up")]

    def output(z, up=1):
        return up * getattr(gelu_fast, unit.activation)(z, *unit.parameters)

    slopes = []
    for i in range(len(inputs)):
        above, below = (output(*(z + d * (i == j) for j, z in enumerate(inputs))) for d in (h, -h))
        slopes.append(np.abs(above - below) / (2 * h))
    assert unit.steepness(block, x) == pytest.approx(np.max(slopes, axis=0), abs=1e-8)


@pytest.mark.parametrize("name", ["ReLU", "GELU", "sigmoid"])
def test_dead_units(name):
    net, split = small(UNIT[name], True), images(50, 5)
    before = training.condition(net, split)
    assert before["units"] == 36
    biases = net.blocks[-1].parameters["b1"]  # the last block, so no later block changes
    biases[[2, 5, 7]] = -1000
    after = training.condition(net, split)
    assert after["dead"] - before["dead"] == after["without_gradient"] == 3
    biases[2] = 1000
    alive = {"ReLU": 1, "GELU": 1, "sigmoid": 0}[name]
    assert training.condition(net, split)["dead"] == after["dead"] - alive


def test_dead_gated_units():
    net, split = small(UNIT["SwiGLU"], True), images(50, 5)
    assert training.condition(net, split)["dead"] == 0
    net.blocks[0].parameters["w_gate"][3] = 0  # silu(0) is 0, but its derivative is not
    assert training.condition(net, split)["dead"] == 0
    net.blocks[0].parameters["w_up"][3] = 0
    found = training.condition(net, split)
    assert found["dead"] == found["without_gradient"] == 1


# ---- Runs

TINY = Settings(seeds=2, tuning_seeds=2, epochs=1, rates=(1e-3, 1e-2), timing_rounds=2)
SOME = {"plain": [UNIT["ReLU"], UNIT["sigmoid"]], "residual": [UNIT["leaky ReLU"], UNIT["SwiGLU"]]}


def tiny(processes=1):
    splits = [images(count, 64, i, np.float32) for i, count in enumerate((128, 40, 44))]
    found = experiment(TINY, splits, processes, say=lambda line: None, networks=SOME)
    times = [about.pop("step") for units in found["networks"].values() for about in units.values()]
    assert all(time["microseconds"] > 0 for time in times)
    return found


@pytest.mark.slow
def test_reproducible():
    """Results have the same bits with any number of processes."""
    first = tiny()
    assert first == tiny(processes=2)
    for network, units in SOME.items():
        for unit in units:
            about = first["networks"][network][unit.label]
            best = max(about["tuning"], key=lambda tried: tried["accuracy"])
            assert about["rate"] == best["rate"]
            one, two = about["runs"]
            assert one["end"]["loss"] != two["end"]["loss"]
            assert one["parameters"] == 78490 - 6 * 49  # for 4 classes, not 10
            assert len(one["test_correct"]) == 44


@cases
def test_it_learns(network, unit):
    """Each network learns an easy task, except the plain sigmoid network (see the study)."""
    rng = np.random.default_rng(3)
    label = rng.integers(0, 4, 256)
    x = 0.3 * rng.standard_normal((256, 64)) + rng.standard_normal((4, 64))[label]
    split = Split(x.astype(np.float32), label)
    found = training.run(unit, network == "residual", 3e-3, 0, 15, [split] * 3)
    assert found["end"]["loss"] < found["start"]["loss"]
    if (network, unit.label) != ("plain", "sigmoid"):
        assert np.mean(found["test_correct"]) > 0.95


def test_nearest_neighbour():
    training_split = Split(np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([0, 1]))
    test = Split(np.array([[1.0, 1.0], [9.0, 0.0], [2.0, 0.0], [7.0, 3.0]]), np.array([0, 1, 1, 1]))
    assert nearest_neighbour([training_split, None, test]) == 0.75


# ---- Statistics


@pytest.mark.parametrize("t", [0.01, 0.5, 1.0, 3.0, 20.0])
def test_t_distribution(t):
    """The t distribution agrees with its closed forms for few degrees of freedom."""
    cosine2 = {dof: dof / (dof + t * t) for dof in (3, 4)}
    closed = {
        1: 2 / math.pi * math.atan(t),
        2: t / math.sqrt(2 + t * t),
        3: 2 / math.pi * (math.atan(t / math.sqrt(3)) + math.sqrt(cosine2[3] * (1 - cosine2[3]))),
        4: math.sqrt(1 - cosine2[4]) * (1 + cosine2[4] / 2),
    }
    for dof, expected in closed.items():
        assert statistics.t_inside(t, dof) == pytest.approx(expected, rel=1e-12)
        assert statistics.t_quantile(expected, dof) == pytest.approx(t, rel=1e-9)


@pytest.mark.parametrize(
    ("dof", "expected"), [(5, 2.571), (9, 2.262), (10, 2.228), (19, 2.093), (30, 2.042)]
)
def test_t_quantiles_of_the_tables(dof, expected):
    assert round(statistics.t_quantile(0.95, dof), 3) == expected


def test_interval_and_p_value():
    """1, 2, 3 have mean 2, standard error 1 / sqrt(3) and two degrees of freedom."""
    mean, low, high = statistics.interval([1, 2, 3])
    half = 0.95 * math.sqrt(2 / (1 - 0.95**2)) / math.sqrt(3)
    assert (mean, low, high) == pytest.approx((2, 2 - half, 2 + half), rel=1e-12)
    t = 2 * math.sqrt(3)
    assert statistics.p_value([1, 2, 3]) == pytest.approx(1 - t / math.sqrt(2 + t * t), rel=1e-12)
    assert statistics.p_value([-3, -1, -2]) == statistics.p_value([1, 2, 3])
    assert statistics.p_value([0, 0, 0]) == 1


def test_holm():
    found = statistics.holm([0.01, 0.04, 0.03, 0.005])
    assert found == pytest.approx([0.03, 0.06, 0.06, 0.02], rel=1e-12)
    assert statistics.holm([0.7, 0.6]) == [1, 1]


def test_interval_with_images():
    """If only seeds or only images vary, the interval is the known interval of these."""
    share, count = 0.9, 500
    row = np.arange(count) < share * count
    low, high = statistics.interval_with_images(np.array([row] * 20, float))
    half = 1.96 * math.sqrt(share * (1 - share) / count)
    assert (share - low, high - share) == pytest.approx((half, half), rel=0.1)
    column = np.arange(200) < share * 200
    low, high = statistics.interval_with_images(np.array([column] * 7, float).T)
    half = 1.96 * math.sqrt(share * (1 - share) / 200)
    assert (share - low, high - share) == pytest.approx((half, half), rel=0.1)
    assert statistics.interval_with_images(np.ones((3, 4))) == (1, 1)


# ---- The report


def test_verdicts():
    better = comparisons.Comparison(1.0, 0.5, 1.5, 0.1, 2.0, 0.01)
    assert report.verdict(better) == "supported"
    assert report.verdict(better.reversed()) == "contradicted"
    assert report.verdict(replace(better, images_low=-0.1)) == "supported on these images only"
    assert report.verdict(replace(better, p=0.05)) == "not supported"
    assert better.reversed().reversed() == better


def test_comparisons_are_paired_and_of_one_family():
    """With three seeds and four images, GELU is better by 0, 1/4 and 1/2."""

    def runs(*rows):
        return {"runs": [{"test_correct": row} for row in rows]}

    none, one, two = [0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0]
    found = {"ReLU": runs(none, one, one), "GELU": runs(none, two, [1, 1, 1, 0])}
    results = {"networks": {"plain": found, "residual": found}}
    compared = comparisons.compare_all(results)
    assert set(compared) == {("plain", "GELU", "ReLU"), ("residual", "GELU", "ReLU")}
    c = compared["plain", "GELU", "ReLU"]
    assert c.mean == pytest.approx(25, rel=1e-12)
    t = math.sqrt(3)
    assert c.p == pytest.approx(2 * (1 - t / math.sqrt(2 + t * t)), rel=1e-12)


def test_insert():
    text = "a\n<!-- results: begin; by x -->\nold\n<!-- results: end -->\nb\n"
    found = report.insert(text, "new\\1")
    assert found == "a\n<!-- results: begin; by x -->\n\nnew\\1\n\n<!-- results: end -->\nb\n"
    with pytest.raises(ValueError, match="the document must have"):
        report.insert("no markers", "new")


def program(*options):
    command = [sys.executable, PROGRAM, *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_document_shows_the_results():
    tables = program("--results", ROOT / "docs" / "activation_study.json")
    document = (ROOT / "docs" / "ACTIVATION_STUDY.md").read_text()
    assert report.insert(document, tables.rstrip("\n")) == document


@pytest.mark.slow
def test_program(tmp_path):
    (tmp_path / "ACTIVATION_STUDY.md").write_text(
        "<!-- results: begin -->\n<!-- results: end -->\n"
    )
    printed = program("--quick", "--processes", 2, "--output", tmp_path)
    written = json.loads((tmp_path / "activation_study.json").read_text())
    assert [*written["networks"]] == [*NETWORKS]
    assert (tmp_path / "activation_study.png").read_bytes().startswith(b"\x89PNG")
    document = (tmp_path / "ACTIVATION_STUDY.md").read_text()
    for unit in UNITS:
        assert f"| {unit.label} |" in printed
        assert f"| {unit.label} |" in document
    again = program("--results", tmp_path / "activation_study.json")
    assert again in printed
