"""gelu_fast.quantized: the tables agree with Arb, and the look-up agrees with fancy indexing."""

import math
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import product

import numpy as np
import pytest
from flint import arb, ctx
from support import reference
from support.layouts import READABLE, WRITABLE
from support.reference import ACCURACY
from support.table import ROWS

import gelu_fast
from gelu_fast._core import _ufuncs
from gelu_fast._core import table as core_table
from gelu_fast._core.dispatch import stream_from
from gelu_fast._reference import decimals
from gelu_fast._reference.decimals import asymptote, exact
from gelu_fast.quantized import _rounding, lookup, table

ONE_INPUT = list(dict.fromkeys(row.function for row in ROWS if row.nin == 1))
TWO_INPUTS = list(dict.fromkeys(row.function for row in ROWS if row.nin == 2))
DTYPES = (np.dtype(np.int8), np.dtype(np.uint8))
EVERY_BYTE = np.arange(256, dtype=np.uint8)

# ---- Tables


BITS = (ACCURACY, 2000, 15000)  # precisions of the reference, in turn until one is enough


def nearest(y, out_scale, rounding="even"):
    """Returns the integer nearest to y / out_scale, limited to -1000 and 1000; a tie goes to the
    even integer or away from zero. It returns None if the ball y is too large to decide."""
    if y > 1000 * arb(out_scale):
        return 1000
    if y < -1000 * arb(out_scale):
        return -1000
    floor = (y / arb(out_scale) + arb(0.5)).floor().unique_fmpz()
    if floor is None:  # the ball contains a tie
        twice = (2 * y / arb(out_scale)).unique_fmpz()
        if twice is None or not (y.is_exact() and 2 * y == twice * arb(out_scale)):
            return None
        floor = (twice + 1) // 2
    floor = int(floor)
    is_tie = 2 * y == (2 * floor - 1) * arb(out_scale)  # for balls, this is no opposite of !=
    if not is_tie:
        return floor
    return floor - (floor % 2 if rounding == "even" else floor <= 0)


@lru_cache(maxsize=10_000)
def value(function, scale, step, bits):
    """Returns the function of scale * step."""
    with ctx.workprec(400):
        x = arb(scale) * step
    with ctx.workprec(3 * bits), pytest.MonkeyPatch.context() as patch:
        patch.setattr(reference, "ACCURACY", bits)
        return reference.value(function, x)


def wanted(function, in_scale, step, out_scale, zero_point, dtype, rounding="even"):
    """Returns the 8-bit result for the number in_scale * step."""
    info = np.iinfo(dtype)
    for bits in BITS:
        y = value(function, in_scale, step, bits)
        with ctx.workprec(3 * bits):
            found = nearest(y, out_scale, rounding)
        if found is not None:
            return max(info.min, min(info.max, found + zero_point))
    raise AssertionError(f"{function}({in_scale} * {step}) / {out_scale}: no reference")


def wanted_table(
    function,
    in_scale,
    in_zero_point,
    out_scale,
    out_zero_point,
    in_dtype,
    out_dtype,
    rounding="even",
):
    steps = [q - int(in_zero_point) for q in EVERY_BYTE.view(in_dtype).tolist()]
    out = float(out_scale), int(out_zero_point), out_dtype, rounding
    return [wanted(function, float(in_scale), step, *out) for step in steps]


def check(function, *parameters):
    got = table(function, *parameters)
    assert got.dtype == parameters[5]
    assert got.shape == (256,)
    assert got.tolist() == wanted_table(function, *parameters), parameters


@pytest.mark.arb
@pytest.mark.parametrize("in_dtype", DTYPES, ids=str)
@pytest.mark.parametrize("out_dtype", DTYPES, ids=str)
@pytest.mark.parametrize("function", ONE_INPUT)
def test_random_scales(function, in_dtype, out_dtype):
    random = np.random.default_rng([1, *function.encode()])
    for _ in range(3):
        in_scale, out_scale = 2.0 ** random.uniform((-9, -10), (2, 0))
        in_point, out_point = (
            int(random.integers(np.iinfo(dtype).min, np.iinfo(dtype).max, endpoint=True))
            for dtype in (in_dtype, out_dtype)
        )
        check(function, in_scale, in_point, out_scale, out_point, in_dtype, out_dtype)


@pytest.mark.arb
@pytest.mark.parametrize("function", ONE_INPUT)
def test_extreme_scales(function):
    """The exact x or the quotient can be too large for float64; there is no warning."""
    scales = (5e-324, 1e-310, 2.0**-60, 1e290, np.finfo(np.float64).max)
    for in_scale, out_scale in product(scales, scales):
        check(function, in_scale, -5, out_scale, 9, np.int8, np.int8)


@pytest.mark.parametrize("function", ONE_INPUT)
def test_far_tail(function):
    """The tables are right for results far below one ULP of 1."""
    check(function, 0.04, 100, 1e-5, -128, np.int8, np.int8)
    check(function, 0.2, 0, 1e-120, 3, np.int8, np.int8)


@pytest.mark.parametrize("function", ONE_INPUT)
def test_next_to_ties(function, monkeypatch):
    """The quotients are so close to n + 1/2, on either side, that float64 cannot decide."""
    random = np.random.default_rng([2, *function.encode()])
    settled = []
    monkeypatch.setattr(
        _rounding, "exact", lambda *args, **kw: settled.append(args) or exact(*args, **kw)
    )
    sides, scales = {True: 1.0, False: 1.0}, set()
    for _ in range(400):
        in_scale, q, n = random.uniform(0.01, 0.03), int(random.integers(1, 128)), 0
        with ctx.workprec(400):
            exact_value = reference.value(function, arb(in_scale) * q)
            sign = 1 if exact_value > 0 else -1
            out_scale = float((exact_value / (n + arb(0.5)) * sign).mid())
            scales.add(out_scale)
            rest = exact_value / arb(out_scale) * sign - (n + arb(0.5))
            above, distance = rest > 0, float(abs(rest).mid())
        if distance < sides[above]:
            sides[above] = distance
            settled.clear()
            got = table(function, in_scale, 0, out_scale, 0)[q]
            assert settled
            assert got == sign * (n + above), (in_scale, q, out_scale)
    assert max(sides.values()) < 1e-17 or len(scales) < 3  # step functions have only ties


@pytest.mark.arb
@pytest.mark.parametrize("function", ONE_INPUT)
@pytest.mark.parametrize("divisor", [0.5, 1, 2, 3, 5, 7, 10, 14, 30])
def test_ties_at_zero(function, divisor):
    """If f(0) is 1/2 or 1, f(0) divided by the scale is a tie, or a tie except for the rounding of
    the scale, such as 1/3."""
    for out_point in (-3, 0, 1):
        check(function, 0.1, 2, 1 / divisor, out_point, np.int8, np.int8)
        check(function, 0.1, 2, 2 / divisor, out_point, np.int8, np.int8)


@pytest.mark.arb
@pytest.mark.parametrize("function", ONE_INPUT)
def test_ties_away_from_zero(function):
    """With short scales many quotients are ties, or next to ties."""
    for in_scale, out_scale in product((0.5, 0.25), (1.0, 0.75, 2.0)):
        check(function, in_scale, 3, out_scale, 1, np.int8, np.int8, "away")


def test_ties_of_both_kinds():
    """The number below 1/2 is no tie, and large numbers have no half."""
    x = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, np.nextafter(0.5, 0), -np.nextafter(0.5, 0)]
    x += [np.nextafter(2.5, 0), np.nextafter(2.5, 3), 0.0, 126.5, 127.5, -128.5, 1e300, -np.inf]
    even = [0, 2, 2, 0, -2, -2, 0, 0, 2, 3, 0, 126, 127, -128, 127, -128]
    away = [1, 2, 3, -1, -2, -3, 0, 0, 2, 3, 0, 127, 127, -128, 127, -128]
    numbers = np.resize(x, 256)
    for scale in (1.0, 0.1, 2.0**-1070, 2.0**900):
        with np.errstate(over="ignore"):
            values = numbers * scale
        for rounding, wanted in {"even": even, "away": away}.items():
            got = table(lambda _, v=values: v, 1.0, 0, scale, 0, rounding=rounding)[: len(x)]
            if scale == 1:
                assert got.tolist() == wanted
            for q, value in zip(got.tolist(), values.tolist(), strict=False):
                if np.isfinite(value):
                    quotient = Fraction(value) / Fraction(scale)
                    assert q == max(-128, min(127, rounded(quotient, rounding)))


def rounded(quotient, rounding):
    """Returns the integer nearest to a fraction."""
    if rounding == "even":
        return round(quotient)
    return int(abs(quotient) + Fraction(1, 2)) * (-1 if quotient < 0 else 1)


def test_rounding_is_checked():
    for wrong in ("up", "", "Even", "half_even"):
        with pytest.raises(ValueError, match=f"^rounding must be 'even' or 'away'; got '{wrong}'$"):
            table("relu", **GOOD, rounding=wrong)
    for wrong in (None, 1, True, b"even"):
        with pytest.raises(TypeError, match=r"^rounding must be 'even' or 'away'; got .+"):
            table("relu", **GOOD, rounding=wrong)


def test_ties_to_even():
    halves = (np.arange(256) - 128) / 2
    got = table(lambda x: x / 2, 1.0, 0, 1.0, 0)
    assert got.tolist() == np.roll(np.rint(halves), 128).tolist()
    assert table("sigmoid", 1.0, 0, 1.0, 1)[0] == 1
    assert table("sigmoid", 1.0, 0, 1 / 3, 0)[0] == 2  # 1/3 is rounded down
    assert table("ndtr", 1.0, 0, 0.2, 0)[0] == 2  # 0.2 is rounded up
    assert table("ndtr", 1.0, 0, np.nextafter(0.2, 0), 0)[0] == 3


@pytest.mark.arb
@pytest.mark.parametrize("function", ONE_INPUT)
def test_next_to_asymptotes(function):
    """Far out, x or a limit can be a tie; gelu(61.5) is slightly less than 61.5."""
    for in_scale, out_scale in product((0.5, 0.25), (1.0, 2.0, 4.0)):
        check(function, in_scale, 3, out_scale, 1, np.int8, np.uint8)


@pytest.mark.parametrize("function", ONE_INPUT)
def test_asymptotes_of_the_table(function):
    """The function is close to its asymptotes far out."""
    for x in (Decimal(-10000), Decimal(10000)):
        line = asymptote(function, x)
        value = decimals.exact(function, x)
        if line is not None:
            assert abs(value - line) <= max(abs(line), 1) * Decimal("1e-4")
        else:
            assert (function, x) == ("log_ndtr", Decimal(-10000))


def test_a_multiple_of_x_as_asymptote():
    """On the right relu_squared_grad is 2x and relu_squared is x^2, so their ties are real ties."""
    x = np.arange(128)
    got = table("relu_squared_grad", 1.0, 0, 4.0, 0)[:128]
    assert got.tolist() == np.rint(x / 2).astype(int).tolist()
    got = table("relu_squared", 1.0, 0, 2.0, 0)[:16]
    assert got.tolist() == np.rint(x[:16] ** 2 / 2).astype(int).tolist()


@pytest.fixture
def made_up(monkeypatch):
    """Puts a function into the table."""

    def clear():
        for cached in (decimals.definition, _rounding.side_of_asymptote):
            cached.cache_clear()

    def made_up(definition, left, right):
        clear()
        row = core_table.row_of("gelu")._replace(definition=definition, left=left, right=right)
        monkeypatch.setattr(core_table, "row_of", lambda name: row)
        monkeypatch.setattr(_ufuncs, "ufuncs", lambda: {"positive": np.positive})

    yield made_up
    clear()


@pytest.mark.parametrize(
    ("definition", "left", "right", "sides"),
    [  # and whether the function is above its asymptotes on the left and on the right
        ("x * erfc(-x)", "0", "2 * x", (-1, -1)),
        ("-x * erfc(-x)", "0", "-2 * x", (1, 1)),
        ("x * erfc(x)", "2 * x", "0", (1, 1)),
        ("4 * x * Phi(x) - x", "-x", "3 * x", (-1, -1)),
        ("x * Phi(x) / 4", "0", "x / 4", (-1, -1)),
        ("5 - x * sigmoid(x)", "5", "5 - x", (1, 1)),
        ("x * x * Phi(x)", "0", "x * x", (1, -1)),
        ("4 - 3 * tanh(x)", "7", "1", (-1, 1)),
        ("max(x, 0) * 3", "0", "3 * x", (0, 0)),
        ("pi - pi * erfc(x)", "-pi", "pi", (1, -1)),
    ],
)
@pytest.mark.parametrize("rounding", ["even", "away"])
def test_asymptotes_of_every_slope(made_up, definition, left, right, sides, rounding):
    """Far out, ties are decided by the side of the asymptote on which a function is. Fractions give
    the values of the asymptotes."""
    made_up(definition, left, right)
    for in_scale, out_scale in product((0.5, 3.0, 3e300), (1.0, 2.0, 4.0, 2e300)):
        got = table("positive", in_scale, 0, out_scale, 0, rounding=rounding)
        for step in (*range(-128, -24), *range(25, 128)):
            x = Fraction(in_scale) * step
            names = {"x": x, "pi": Fraction(np.pi)}
            line = Fraction(eval(left if step < 0 else right, names)) / Fraction(out_scale)
            side = sides[step > 0]
            is_tie = side and abs(line) % 1 == Fraction(1, 2)
            want = math.floor(line) + (side > 0) if is_tie else rounded(line, rounding)
            assert got[step] == max(-128, min(127, want)), (in_scale, out_scale, step)


def test_asymptotes_beyond_all_digits():
    assert table("gelu", 3.0, 0, 2.0, 0)[41] == 61  # the quotient is slightly less than 61.5
    assert table("gelu", 3e300, 0, 2e300, 0)[41] == 61
    assert table("gelu_tanh", 3e300, 0, 2e300, 0)[41] == 61
    for function, result in {"gelu_grad": 1, "gelu_tanh_grad": 1, "ndtr": 0, "erf": 0}.items():
        assert table(function, 1e300, 0, 2.0, 0)[1] == result
    assert table("erfc", 1e300, 0, 4.0, 0)[255] == 0
    assert table("erf", 1e300, 0, 2.0, 0)[255] == 0
    assert table("sigmoid", 1e300, 0, 2.0, 1)[1] == 1


def test_next_to_ties_of_the_asymptote():
    """Far out, the quotient of the asymptote is next to 61.5, on either side."""
    assert table("gelu", np.nextafter(3.0, 4), 0, 2.0, 0)[41] == 62
    assert table("gelu", np.nextafter(3.0, 0), 0, 2.0, 0)[41] == 61
    assert table("erfc", 3.0, 0, np.nextafter(4.0, 0), 0)[200] == 1
    assert table("erfc", 3.0, 0, np.nextafter(4.0, 5), 0)[200] == 0


def test_ties_of_the_asymptote_close_to_zero():
    """There the function is far from its asymptote: gelu(x) is next to 1.5 scales where the
    asymptote is 2.5 scales, because Phi(x) is next to 3/5."""
    near = 0.2533471031357997 / 5
    found = set()
    for in_scale in near + np.arange(-3, 4) * np.spacing(near):
        got = table("gelu", in_scale, 0, 2 * in_scale, 0)[5]
        assert got == wanted("gelu", in_scale, 5, 2 * in_scale, 0, np.int8)
        found.add(int(got))
    assert found == {1, 2}


def test_a_tie_next_to_zero():
    """hardswish(-1.5) is -0.375, exactly."""
    assert table("hardswish", 1.5, 0, 0.75, 0)[255] == 0
    assert table("hardswish", 1.5, 0, 0.75, 0, rounding="away")[255] == -1
    assert table("hardswish", 1.5, 0, 0.25, 0)[255] == -2
    assert table("hardswish", 1.5, 0, 0.25, 0, rounding="away")[255] == -2
    assert table("hardswish", 1.5, 0, 0.15, 0)[255] == -3  # 0.15 is rounded down


def test_names_and_ufuncs():
    for function in ONE_INPUT:
        by_name = table(function, 0.05, 3, 0.02, -7)
        np.testing.assert_array_equal(
            by_name, table(getattr(gelu_fast, function), 0.05, 3, 0.02, -7)
        )
    assert table(np.str_("gelu"), 0.05, 3, 0.02, -7).dtype == np.int8


def test_tables_do_not_depend_on_the_isa(isa):
    assert table("gelu", 0.05, 3, 0.02, -7).tolist() == wanted_table(
        "gelu", 0.05, 3, 0.02, -7, np.int8, np.int8
    )


@pytest.mark.parametrize("scale", [0.1, np.float64(0.1), np.float32(0.1), np.float16(0.1), 1])
def test_types_of_scales(scale):
    check("gelu", scale, np.int32(3), scale, np.uint8(7), np.int8, np.int8)


CHANNEL_ARGUMENTS = [
    ([0.1, 0.02, 1.5], 4, 0.01, 5),
    (0.03, [1, 2, 3], [0.01, 0.02, 0.03], [7, -128, 0]),
    ([0.1], [1], [0.02], [9]),
    ([0.1, 0.2], 0, [0.3], 0),
    (np.zeros(0), 0, 1.0, 0),
]


@pytest.mark.parametrize("arguments", CHANNEL_ARGUMENTS, ids=str)
@pytest.mark.parametrize("function", ["gelu", np.sin])
def test_channels(function, arguments):
    got = table(function, *arguments)
    each = list(zip(*np.broadcast_arrays(*arguments), strict=True))
    assert got.shape == (len(each), 256)
    for row, parameters in zip(got, each, strict=True):
        np.testing.assert_array_equal(row, table(function, *parameters))


def test_callable():
    seen = []

    def function(x):
        seen.append(x)
        return np.float32(2) * x.astype(np.float32)

    got = table(function, 0.1, 10, 0.3, 20, np.uint8, np.int8)
    [x] = seen
    assert x.dtype == np.float64
    np.testing.assert_array_equal(x, 0.1 * (np.arange(256) - 10))
    results = np.rint(function(x).astype(np.float64) / 0.3) + 20
    np.testing.assert_array_equal(got, np.clip(results, -128, 127))


def test_callable_next_to_ties():
    """The quotient of two float64 numbers is rounded only once, to 8 bits."""
    for out_scale in 1 / np.arange(3.0, 200.0, 2):
        for given in (0.5, 2.5):
            with ctx.workprec(400):
                y = nearest(arb(given), out_scale)
            got = table(lambda x, given=given: np.full_like(x, given), 1.0, 0, out_scale, 0)
            assert (got == min(127, y)).all(), out_scale


def test_callable_infinities_saturate():
    got = table(lambda x: np.where(x > 0, np.inf, -np.inf), 1.0, 0, 1.0, 0, out_dtype=np.uint8)
    assert got.tolist() == [0] + [255] * 127 + [0] * 128


def test_callable_integers_and_bools():
    assert table(lambda x: x > 1, 1.0, 0, 1.0, 0)[:4].tolist() == [0, 0, 1, 1]
    assert table(lambda x: x.astype(np.int16), 1.0, 0, 1.0, 0)[255] == -1


def not_a_number(x):
    return np.where(x == 3, np.nan, x)


GOOD = {"in_scale": 0.1, "in_zero_point": 0, "out_scale": 0.1, "out_zero_point": 0}
BAD_SCALES = [0.0, -0.0, -1.0, np.nan, np.inf, -np.inf, 0, [0.1, np.nan], [[0.1]]]
WRONG_SCALES = ["0.1", None, 0.1j, True, [0.1, "x"], [[0.1], [0.1, 0.2]], np.datetime64(1, "s")]
WRONG_POINTS = [0.0, 1.5, np.nan, "0", None, True, [0, 0.5]]


@pytest.mark.parametrize("name", ["in_scale", "out_scale"])
@pytest.mark.parametrize("scale", BAD_SCALES, ids=str)
def test_bad_scales(name, scale):
    with pytest.raises(ValueError, match=f"^{name} must be .*; got"):
        table("gelu", **GOOD | {name: scale})


def test_scales_that_are_no_float64_numbers():
    for scale in (2**53 + 1, 10**400):
        with pytest.raises(ValueError, match=r"^in_scale "):
            table("gelu", **GOOD | {"in_scale": scale})


@pytest.mark.parametrize("name", ["in_scale", "out_scale"])
@pytest.mark.parametrize("scale", WRONG_SCALES, ids=str)
def test_wrong_scales(name, scale):
    with pytest.raises(TypeError, match=f"^{name} must be a real number"):
        table("gelu", **GOOD | {name: scale})


@pytest.mark.parametrize("side", ["in", "out"])
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_zero_points_out_of_range(side, dtype):
    name, info = f"{side}_zero_point", np.iinfo(dtype)
    for point in (info.min - 1, info.max + 1, 2**70, [0, info.max + 1], np.zeros((1, 1), int)):
        with pytest.raises(ValueError, match=f"^{name} "):
            table("gelu", **GOOD | {name: point, f"{side}_dtype": dtype})
    for point in (info.min, info.max):
        table("gelu", **GOOD | {name: point, f"{side}_dtype": dtype})


@pytest.mark.parametrize("name", ["in_zero_point", "out_zero_point"])
@pytest.mark.parametrize("point", WRONG_POINTS, ids=str)
def test_wrong_zero_points(name, point):
    with pytest.raises(TypeError, match=f"^{name} must be an integer"):
        table("gelu", **GOOD | {name: point})


@pytest.mark.parametrize("name", ["in_dtype", "out_dtype"])
@pytest.mark.parametrize("dtype", [np.int16, np.float32, bool, "S1", "nonsense", 8, None], ids=str)
def test_wrong_dtypes(name, dtype):
    with pytest.raises(TypeError, match=f"^{name} must be int8 or uint8; got"):
        table("gelu", **GOOD | {name: dtype})


def test_channels_that_do_not_fit():
    with pytest.raises(ValueError, match=r"in_scale \(2,\).*out_zero_point \(3,\)"):
        table("gelu", [0.1, 0.2], 0, 0.1, [1, 2, 3])


@pytest.mark.parametrize("function", [*TWO_INPUTS, np.add, np.modf], ids=str)
def test_functions_of_two_inputs(function):
    for named in {function, getattr(gelu_fast, str(function), function)}:
        with pytest.raises(TypeError, match=r"^function must have one input and one output"):
            table(named, **GOOD)


@pytest.mark.parametrize("function", [None, 3, np.zeros(256), b"gelu"], ids=type)
def test_functions_of_other_types(function):
    with pytest.raises(TypeError, match=r"^function must be"):
        table(function, **GOOD)


def test_unknown_function():
    with pytest.raises(ValueError, match=r"^function must be one of gelu, .*; got 'gleu'$"):
        table("gleu", **GOOD)


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (not_a_number, ValueError, "not_a_number must not return NaN.* NaN for 1 of 256 inputs"),
        (lambda x: x[1:], ValueError, r"shape \(256,\); got \(255,\)"),
        (lambda x: 1.0, ValueError, r"shape \(256,\); got \(\)"),
        (lambda x: x + 1j, TypeError, "real numbers; got dtype complex128"),
        (lambda x: x.astype("U9"), TypeError, "real numbers; got dtype <U9"),
    ],
)
def test_functions_with_wrong_results(function, error, message):
    with pytest.raises(error, match=f"^function: .*{message}"):
        table(function, **{**GOOD, "in_scale": 1})


def test_errors_of_a_callable_are_its_own():
    with pytest.raises(ZeroDivisionError):
        table(lambda x: 1 / 0, **GOOD)


# ---- The look-up


def random_table(dtype, *channels):
    return np.random.default_rng(3).integers(0, 256, (*channels, 256), np.uint8).view(dtype)


def random_x(shape, dtype=np.int8):
    return np.random.default_rng(4).integers(0, 256, shape, np.uint8).view(dtype)


def index(x):
    return np.ascontiguousarray(x).view(np.uint8).reshape(x.shape)


@pytest.mark.parametrize("in_dtype", DTYPES, ids=str)
@pytest.mark.parametrize("out_dtype", DTYPES, ids=str)
def test_lookup_lengths_and_offsets(isa, in_dtype, out_dtype):
    t, x = random_table(out_dtype), random_x(400, in_dtype)
    np.testing.assert_array_equal(t[EVERY_BYTE], lookup(t, EVERY_BYTE.view(in_dtype)))
    for n in range(301):
        for offset in {0, 1, n % 67}:
            part = x[offset : offset + n]
            want = t[index(part)]
            got = lookup(t, part)
            assert got.dtype == out_dtype
            np.testing.assert_array_equal(got, want)
            room = np.full(n + 140, 90, np.uint8).view(out_dtype)
            out = room[70 - offset : 70 - offset + n]
            assert lookup(t, part, out) is out
            np.testing.assert_array_equal(out, want)
            assert (room[: 70 - offset] == 90).all()
            assert (room[70 - offset + n :] == 90).all()


@pytest.mark.parametrize("layout", READABLE)
def test_lookup_layouts(isa, layout):
    t, x = random_table(np.uint8), READABLE[layout](random_x(600))
    got = lookup(t, x)
    assert got.shape == x.shape
    np.testing.assert_array_equal(got, t[index(x)])
    for out_layout in ("contiguous", "stride 3", "reversed", "misaligned by 1"):
        out = WRITABLE[out_layout](np.zeros(600, np.uint8))[: x.size]
        if out.size == x.size and x.ndim == 1:
            np.testing.assert_array_equal(lookup(t, x, out), t[index(x)])
            assert lookup(t, x, out=out) is out


@pytest.mark.parametrize("layout", WRITABLE)
@pytest.mark.parametrize("out_dtype", DTYPES, ids=str)
def test_lookup_in_place(isa, layout, out_dtype):
    t, x = random_table(out_dtype), WRITABLE[layout](random_x(600))
    want = t[index(x)]
    out = x.view(out_dtype)
    assert lookup(t, x, out) is out
    np.testing.assert_array_equal(out, want)


@pytest.mark.parametrize("shift", [-100, -64, -1, 1, 3, 64, 100])
@pytest.mark.parametrize("step", [1, 2, -1])
def test_lookup_overlapping(isa, shift, step):
    t, memory = random_table(np.int8), random_x(900)
    x, out = memory[100:700:step], memory[100 + shift : 700 + shift : step]
    want = t[index(x.copy())]
    lookup(t, x, out)
    np.testing.assert_array_equal(out, want)
    x = random_x(301)
    want = t[index(x)]
    np.testing.assert_array_equal(lookup(t, x, x[::-1])[::1], want)


def test_lookup_of_table_in_out(isa):
    memory = random_table(np.int8, 3)
    x, want = random_x((3, 256)), np.empty((3, 256), np.int8)
    for k in range(3):
        want[k] = memory[k][index(x[k])]
    np.testing.assert_array_equal(lookup(memory, x, memory, axis=0), want)
    t = random_table(np.int8)
    want = t[index(x[0])]
    np.testing.assert_array_equal(lookup(t, x[0], t), want)


def test_lookup_keeps_the_memory_order(isa):
    t, x = random_table(np.int8), random_x((5, 6, 7)).transpose(1, 2, 0)
    assert lookup(t, x).strides == x.strides


def test_lookup_zero_dimensional(isa):
    t = random_table(np.uint8)
    for q in (-128, -1, 0, 127):
        got = lookup(t, np.array(q, np.int8))
        assert type(got) is np.uint8
        assert got == t[q % 256]
        out = np.zeros((), np.uint8)
        assert lookup(t, np.array(q, np.int8), out) is out
        assert out == t[q % 256]


CHANNELS_SHAPES = [
    ((3,), 0),
    ((3, 1000), 0),
    ((1000, 3), 1),
    ((4, 3, 9, 8), 1),
    ((4, 3, 9, 8), -3),
    ((4, 9, 8, 3), -1),
    ((3, 0), 0),
    ((0, 3), 1),
]


@pytest.mark.parametrize(("shape", "axis"), CHANNELS_SHAPES, ids=str)
@pytest.mark.parametrize("layout", ["C", "F", "sliced"])
@pytest.mark.parametrize("strided_table", [False, True])
def test_lookup_channels(isa, shape, axis, layout, strided_table):
    t = random_table(np.int8, 6, 2)[::2, 0] if strided_table else random_table(np.int8, 3)
    x = random_x(shape, np.uint8)
    if layout == "F":
        x = np.asfortranarray(x)
    elif layout == "sliced":
        x = np.repeat(x, 2, -1)[..., ::2]
    want = np.empty(shape, np.int8)
    for k in range(3):
        np.moveaxis(want, axis, 0)[k] = t[k][np.moveaxis(x, axis, 0)[k]]
    np.testing.assert_array_equal(lookup(t, x, axis=axis), want)
    np.testing.assert_array_equal(lookup(t, x, x.view(np.int8), axis=axis), want)


def test_lookup_no_channels(isa):
    assert lookup(np.zeros((0, 256), np.int8), np.zeros((2, 0), np.int8), axis=1).shape == (2, 0)


def test_lookup_past_the_caches(isa):
    t, x = random_table(np.int8), random_x(5000)
    with stream_from(1):
        for n, offset in product((1, 16, 17, 63, 64, 200, 4000), range(0, 70, 3)):
            part, room = x[offset : offset + n], np.full(4200, 90, np.int8)
            lookup(t, part, room[offset : offset + n])
            np.testing.assert_array_equal(room[offset : offset + n], t[index(part)])
            assert (room[:offset] == 90).all()
            assert (room[offset + n :] == 90).all()


def test_a_table_on_all_inputs(isa):
    parameters = 0.05, 3, 0.03, 9, np.uint8, np.int8
    t = table(gelu_fast.gelu, *parameters)
    assert lookup(t, EVERY_BYTE).tolist() == wanted_table("gelu", *parameters)


T, X = random_table(np.int8), random_x((4, 3))
READ_ONLY = np.zeros((4, 3), np.int8)
READ_ONLY.flags.writeable = False


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((T.tolist(), X), TypeError, "table must be an array of int8 or uint8; got list"),
        ((T.astype(int), X), TypeError, "table must be .*; got dtype int64"),
        ((T[:255], X), ValueError, r"table must have shape .*; got \(255,\)"),
        ((T.reshape(1, 1, 256), X), ValueError, r"table must have shape .*; got \(1, 1, 256\)"),
        ((T[0], X), TypeError, "table must be an array .*; got int8"),
        ((T, X.tolist()), TypeError, "x must be an array of int8 or uint8; got list"),
        ((T, X.astype(np.float32)), TypeError, "x must be .*; got dtype float32"),
        ((T, X, X.tolist()), TypeError, "out must be an array"),
        ((T, X, X.astype(np.int16)), TypeError, "out must be an array .*; got dtype int16"),
        ((T, X, X.view(np.uint8)), TypeError, "out must have the table's dtype, int8; got uint8"),
        ((T, X, X.T), ValueError, r"out must have the shape of x, \(4, 3\); got \(3, 4\)"),
        ((T, X, READ_ONLY), ValueError, "out must be writable"),
        ((T, X, None, 1), TypeError, "axis must be None for a table of shape"),
        (
            (np.array([T] * 3), X),
            TypeError,
            r"axis must be .* shape \(3, 256\); got None",
        ),
        ((np.array([T] * 3), X, None, 1.0), TypeError, "axis must be an integer; got 1.0"),
        ((np.array([T] * 3), X, None, 2), np.exceptions.AxisError, "axis: axis 2 is out of bounds"),
        ((np.array([T] * 3), X, None, -3), np.exceptions.AxisError, "axis: axis -3 is out"),
        (
            (np.array([T] * 3), X, None, 0),
            ValueError,
            r"x must have 3 channels on axis 0.*\(4, 3\)",
        ),
    ],
)
def test_lookup_refuses(arguments, error, message):
    before = X.copy()
    with pytest.raises(error, match=f"^{message}"):
        lookup(*arguments)
    np.testing.assert_array_equal(X, before)
