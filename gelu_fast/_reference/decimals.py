"""Computes the functions at one point in decimal arithmetic, from their definitions in the table.

`selfcheck` measures errors against these values, and `quantized` rounds with them. This module uses
only the standard library and no kernels.

It computes with 40 digits by default. Where a function crosses zero, its value at the float64
number next to the crossing loses 17 of them; the remaining 23 are 7 more than float64 has."""

import decimal
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from types import CodeType

from .._core import table

DIGITS = 40
PRODUCT = 4000  # enough digits for a product of two float64 numbers times integers
# Every parameter is given, because programs may change the defaults of the module decimal.
CONTEXT = decimal.Context(
    prec=DIGITS,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=decimal.MIN_EMIN,
    Emax=decimal.MAX_EMAX,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[],
)
ARGUMENTS = {1: ("x",), 2: ("dy", "x")}  # by the number of inputs
FAR = 1000  # no function changes its sign beyond it

# ---- The words of a definition, computed to the precision of the context


def pi() -> Decimal:
    return pi_to(precision())


@cache
def pi_to(digits: int) -> Decimal:
    """Machin's formula, 16 arctan(1/5) - 4 arctan(1/239), in integers."""
    one = 10 ** (digits + 10)

    def arctan_of_inverse(n: int) -> int:
        term, total, k = one // n, 0, 1
        while term:
            total += term // k if k % 4 == 1 else -(term // k)
            term //= n * n
            k += 2
        return total

    pi = 16 * arctan_of_inverse(5) - 4 * arctan_of_inverse(239)
    return Decimal(pi).scaleb(-digits - 10)


def precision() -> int:
    return decimal.getcontext().prec


def exp(x: Decimal) -> Decimal:
    return x.exp()


def expm1(x: Decimal) -> Decimal:
    if abs(x) > 1:
        return x.exp() - 1
    term = total = x
    n = 1
    while abs(term) > abs(total) * Decimal(10) ** -(precision() + 1):
        n += 1
        term = term * x / n
        total += term
    return total


def sqrt(x: Decimal | int) -> Decimal:
    return Decimal(x).sqrt()


def erf(x: Decimal) -> Decimal:
    return 1 - erfc(x) if abs(x) > 3 else erf_series(x)


def erfc(x: Decimal) -> Decimal:
    if x < 0:
        return 2 - erfc(-x)
    if x > 3:
        return erfc_fraction(x)
    with decimal.localcontext() as context:
        context.prec += 5  # 1 - erf(3) is 2e-5
        return 1 - erf_series(x)


def erf_series(x: Decimal) -> Decimal:
    """2/sqrt(pi) exp(-x^2) (x + 2 x^3 / 3 + 4 x^5 / (3 5) + ...), DLMF 7.6.2; all terms have one
    sign."""
    term = total = x
    twice_square, n = 2 * x * x, 1
    while abs(term) > abs(total) * Decimal(10) ** -(precision() + 1):
        n += 2
        term = term * twice_square / n
        total += term
    return total * 2 * (-x * x).exp() / pi().sqrt()


def erfc_fraction(x: Decimal) -> Decimal:
    return (-x * x).exp() / pi().sqrt() / fraction(x)


def fraction(x: Decimal) -> Decimal:
    """x + (1/2)/(x + (2/2)/(x + (3/2)/(x + ...))) = exp(-x^2)/sqrt(pi) / erfc(x), DLMF 7.9.1."""
    value = x
    enough = 25 + int((precision() * 7 / (8 * x)) ** 2)  # 1e-41 at 40 digits
    for k in range(enough, 0, -1):
        value = x + Decimal(k) / 2 / value
    return value


def tanh(x: Decimal) -> Decimal:
    if abs(x) > 1:
        decay = (-2 * abs(x)).exp()
        return ((1 - decay) / (1 + decay)).copy_sign(x)
    term = sinh = x
    square, n = x * x, 1
    while abs(term) > abs(sinh) * Decimal(10) ** -(precision() + 1):
        n += 2
        term = term * square / (n * (n - 1))
        sinh += term
    return sinh / (1 + sinh * sinh).sqrt()


def Phi(x: Decimal) -> Decimal:
    return erfc(-x / sqrt(2)) / 2


def phi(x: Decimal) -> Decimal:
    return (-x * x / 2).exp() / (2 * pi()).sqrt()


def log_Phi(x: Decimal) -> Decimal:
    if x < 0:
        return -x * x / 2 - ((2 * pi()).sqrt() * phi_over_Phi(x)).ln()
    # log(1 - q) = -2 artanh(q / (2 - q)), which does not cancel
    q = Phi(-x)
    power = total = q / (2 - q)
    square, n = power * power, 1
    while abs(power) > total * Decimal(10) ** -(precision() + 1):
        n += 2
        power *= square
        total += power / n
    return -2 * total


def phi_over_Phi(x: Decimal) -> Decimal:
    return phi(x) / Phi(x) if x > -5 else sqrt(2) * fraction(-x / sqrt(2))


def sigmoid(x: Decimal) -> Decimal:
    decay = (-abs(x)).exp()
    return 1 / (1 + decay) if x > 0 else decay / (1 + decay)


def sigmoid_grad(x: Decimal) -> Decimal:
    return sigmoid(x) * sigmoid(-x)


def step(x: Decimal) -> Decimal:
    return Decimal(x > 0)


def maximum(x: Decimal, y: Decimal | int) -> Decimal:
    """The larger number, or x if they are equal, so that a zero keeps its sign."""
    return x if x >= y else Decimal(y)


def minimum(x: Decimal, y: Decimal | int) -> Decimal:
    return x if x <= y else Decimal(y)


def softplus(x: Decimal) -> Decimal:
    """Uses log(1 + e) = 2 artanh(e / (2 + e)), DLMF 4.6.4; all terms have one sign."""
    decay = (-abs(x)).exp()
    term = total = decay / (2 + decay)
    square, n = term * term, 1
    while term > n * total * Decimal(10) ** -(precision() + 1):
        n += 2
        term *= square
        total += term / n
    return maximum(x, 0) + 2 * total


UNARY: tuple[Callable[..., Decimal], ...] = (exp, expm1, sqrt, erf, erfc, tanh, Phi, phi, log_Phi)
UNARY += (phi_over_Phi, sigmoid, sigmoid_grad, step, softplus)
WORDS: dict[str, Callable[..., Decimal] | Decimal] = {
    **{f.__name__: f for f in UNARY},
    "max": maximum,
    "min": minimum,
    "selu_alpha": Decimal("1.6732632423543772848170429916717"),
    "selu_scale": Decimal("1.0507009873554804934193349852946"),
}

# ---- Values


@cache
def definition(function: str) -> CodeType:
    """The compiled definition of a function. Evaluate it with WORDS and the arguments."""
    return compile(table.row_of(function).definition, function, "eval")


def asymptote(function: str, x: Decimal) -> Decimal | None:
    """The value at x of the function's asymptote on the side of x, or None if the table has
    none."""
    row = table.row_of(function)
    line = row.right if x > 0 else row.left
    if line is None or line == "none":
        return None
    with decimal.localcontext(CONTEXT) as context:
        context.prec = PRODUCT
        return Decimal(eval(line, {"__builtins__": {}, "pi": pi()} | WORDS, {"x": x}))


def exact(function: str, *inputs: float | Decimal, digits: int = DIGITS) -> Decimal:
    """The value at finite inputs, as a Decimal with a relative error below 10^(-digits/2), which is
    1e-20 by default.

    If the value is too small even for a Decimal, the result is a zero with the sign of the
    value."""
    with decimal.localcontext(CONTEXT) as context:
        context.prec = digits
        value = evaluate(function, map(Decimal, inputs))
        *dy, x = inputs
        if value == 0 and x != 0:
            near = [*dy, max(-FAR, min(x, FAR))]
            value = Decimal(0).copy_sign(evaluate(function, map(Decimal, near)))
        return value


def evaluate(function: str, inputs: Iterable[Decimal]) -> Decimal:
    inputs = list(inputs)
    value: Decimal = eval(
        definition(function),
        {"__builtins__": {}, "pi": pi()} | WORDS,
        dict(zip(ARGUMENTS[len(inputs)], inputs, strict=True)),
    )
    return value
