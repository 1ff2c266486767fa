"""Expressions of tensors in a normal form: polynomials of x and of functions of such polynomials.

Formulas that are equal by the rules of algebra have the same normal form, whatever the order of
their sums and products. Few functions express the words of the table: `erf` is written by `Phi`,
`tanh` by `sigmoid`, and so on. A coefficient carries how far rounding may have moved it, so that a
constant that was rounded to float16 equals the number that it stands for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

MOST_TERMS, LARGEST_POWER = 40, 12


class Unknown(Exception):
    """The normal form cannot express this."""


class Coefficient(NamedTuple):
    """A number and the largest error that rounding may have given it."""

    value: float
    error: float = 0.0

    def close(self, other: Coefficient) -> bool:
        """Whether both may stand for the same number; a few rounding errors of float64, with which
        they were computed, are allowed."""
        if self.value == other.value:
            return True
        if math.isinf(self.value) or math.isinf(other.value):
            return False
        slack = 2.0**-50 * max(abs(self.value), abs(other.value))
        return abs(self.value - other.value) <= 1.001 * (self.error + other.error) + slack

    def plus(self, other: Coefficient) -> Coefficient:
        return Coefficient(self.value + other.value, self.error + other.error)

    def times(self, other: Coefficient) -> Coefficient:
        value = self.value * other.value
        error = abs(self.value) * other.error + (abs(other.value) + other.error) * self.error
        return Coefficient(value, error if math.isfinite(value) else 0.0)

    def inverse(self) -> Coefficient:
        if abs(self.value) <= self.error or self.value == 0:
            raise Unknown
        return Coefficient(1 / self.value, self.error / (self.value * self.value))


class Atom:
    """A factor that is no polynomial: a variable, or a function of an expression. Atoms are equal
    if the coefficients in them are close; `text` leaves the coefficients out."""

    def __init__(
        self, name: str, inside: Expression | None = None, limits: tuple[Coefficient, ...] = ()
    ) -> None:
        self.name, self.inside, self.limits = name, inside, limits
        self.text = f"{name}({inside.text()})" if inside else name

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Atom)
            and self.text == other.text
            and (
                self.inside is None or (other.inside is not None and self.inside.same(other.inside))
            )
            and all(a.close(b) for a, b in zip(self.limits, other.limits, strict=True))
        )


Monomial: TypeAlias = frozenset[tuple[Atom, int]]
ONE: Monomial = frozenset()


class Expression:
    def __init__(self, terms: dict[Monomial, Coefficient]) -> None:
        self.terms = {key: number for key, number in terms.items() if number.value}
        if len(self.terms) > MOST_TERMS:
            raise Unknown

    def text(self) -> str:
        return " + ".join(sorted(map(text_of, self.terms)))

    def same(self, other: Expression) -> bool:
        return self.terms.keys() == other.terms.keys() and all(
            number.close(other.terms[key]) for key, number in self.terms.items()
        )

    def constant(self) -> Coefficient | None:
        """The number that the expression is, or None."""
        if self.terms.keys() <= {ONE}:
            return self.terms.get(ONE, Coefficient(0.0))
        return None

    def leading(self) -> Coefficient:
        """The coefficient of a term that only depends on which terms there are."""
        return self.terms[max((key for key in self.terms if key), key=text_of)]

    def atoms(self) -> Iterator[Atom]:
        """All atoms, and those inside them."""
        for key in self.terms:
            for atom, _ in key:
                yield atom
                if atom.inside:
                    yield from atom.inside.atoms()

    def coefficients(self) -> Iterator[float]:
        """All coefficients, also those inside atoms."""
        for expression in [self, *(atom.inside for atom in self.atoms() if atom.inside)]:
            yield from (number.value for number in expression.terms.values())

    def __add__(self, other: object) -> Expression:
        terms = dict(self.terms)
        for key, number in as_expression(other).terms.items():
            terms[key] = terms[key].plus(number) if key in terms else number
        return Expression(terms)

    def __mul__(self, other: object) -> Expression:
        terms: dict[Monomial, Coefficient] = {}
        for left, a in self.terms.items():
            for right, b in as_expression(other).terms.items():
                key, number = product(left, right), a.times(b)
                terms[key] = terms[key].plus(number) if key in terms else number
        return Expression(terms)

    def __pow__(self, exponent: object) -> Expression:
        number = as_expression(exponent).constant()
        if number is None or number.value not in range(1, LARGEST_POWER):
            raise Unknown
        power = self
        for _ in range(int(number.value) - 1):
            power = power * self
        return power

    def __neg__(self) -> Expression:
        return self * -1

    def __sub__(self, other: object) -> Expression:
        return self + as_expression(other) * -1

    def __rsub__(self, other: object) -> Expression:
        return as_expression(other) + self * -1

    def __truediv__(self, other: object) -> Expression:
        return self * inverse(as_expression(other))

    def __rtruediv__(self, other: object) -> Expression:
        return as_expression(other) * inverse(self)

    def unknown(self, other: object) -> Expression:
        raise Unknown

    __radd__, __rmul__ = __add__, __mul__
    __gt__ = __ge__ = __lt__ = __le__ = unknown


def as_expression(value: Any) -> Expression:
    return value if isinstance(value, Expression) else number(float(value))


def number(value: float, error: float = 0.0) -> Expression:
    return Expression({ONE: Coefficient(value, error)})


def variable(name: str) -> Expression:
    return single(Atom(name))


def single(atom: Atom) -> Expression:
    return Expression({frozenset([(atom, 1)]): Coefficient(1.0)})


def product(left: Monomial, right: Monomial) -> Monomial:
    powers = dict(left)
    for atom, power in right:
        powers[atom] = powers.get(atom, 0) + power
    if sum(powers.values()) > LARGEST_POWER:
        raise Unknown
    return frozenset(powers.items())


def text_of(key: Monomial) -> str:
    return " * ".join(sorted(f"{atom.text}^{power}" for atom, power in key))


# ---- The words


def inverse(x: Expression) -> Expression:
    found = x.constant()
    if found is not None:
        return Expression({ONE: found.inverse()})
    if (logistic := one_plus_exp(x)) is not None:
        scale, inside = logistic
        return sigmoid(-inside) * Expression({ONE: scale.inverse()})
    raise Unknown


def one_plus_exp(x: Expression) -> tuple[Coefficient, Expression] | None:
    """(c, y) if x is c * (1 + exp(y)), or None."""
    others = [key for key in x.terms if key]
    if len(x.terms) != 2 or len(others) != 1 or not x.terms[ONE].close(x.terms[others[0]]):
        return None
    [(atom, power), *more] = others[0]
    if atom.name != "exp" or power != 1 or more or atom.inside is None:
        return None
    return x.terms[ONE], atom.inside


def function(name: str) -> Callable[[Any], Expression]:
    """A function of which nothing else is known."""

    def of(x: Any) -> Expression:
        x = as_expression(x)
        if x.constant() is not None:
            raise Unknown
        return single(Atom(name, x))

    return of


def complementary(name: str) -> Callable[[Any], Expression]:
    """A function with f(-x) = 1 - f(x)."""
    plain = function(name)

    def of(x: Any) -> Expression:
        x = as_expression(x)
        if x.constant() is not None:
            raise Unknown
        return plain(x) if x.leading().value > 0 else 1 - plain(-x)

    return of


exp, softplus = function("exp"), function("softplus")
Phi, sigmoid = complementary("Phi"), complementary("sigmoid")


def sqrt(x: Any) -> Expression:
    found = as_expression(x).constant()
    if found is None or found.value <= found.error:
        raise Unknown
    root = math.sqrt(found.value)
    return number(root, found.error / root)


def log(x: Expression) -> Expression:
    logistic = one_plus_exp(x)
    if logistic is None or not logistic[0].close(Coefficient(1.0)):
        raise Unknown
    return softplus(logistic[1])


def sigmoid_grad(x: Any) -> Expression:
    return sigmoid(x) * (1 - sigmoid(x))


def maximum(x: Any, y: Any) -> Expression:
    x, low = constant_last(x, y)
    return clip(x, low, Coefficient(math.inf))


def minimum(x: Any, y: Any) -> Expression:
    x, high = constant_last(x, y)
    return clip(x, Coefficient(-math.inf), high)


def constant_last(x: Any, y: Any) -> tuple[Expression, Coefficient]:
    x, y = as_expression(x), as_expression(y)
    if x.constant() is not None:
        x, y = y, x
    found = y.constant()
    if found is None or x.constant() is not None or not x.terms.keys() - {ONE}:
        raise Unknown
    return x, found


def clip(x: Expression, low: Coefficient, high: Coefficient) -> Expression:
    """min(max(x, low), high), by the clip of a term with the coefficient 1 and no constant."""
    scale = x.leading()
    shift = x.terms.get(ONE, Coefficient(0.0))
    x = (x - Expression({ONE: shift})) * Expression({ONE: scale.inverse()})
    low, high = (limit.plus(shift.times(Coefficient(-1.0))) for limit in (low, high))
    low, high = (limit.times(scale.inverse()) for limit in (low, high))
    if scale.value < 0:
        low, high = high, low
    if len(x.terms) == 1:
        [(atom, power), *more] = next(iter(x.terms))
        if atom.name == "clip" and power == 1 and not more and atom.inside is not None:
            inner_low, inner_high = atom.limits
            if high.value < inner_low.value or low.value > inner_high.value:
                raise Unknown
            x, low, high = atom.inside, max(low, inner_low), min(high, inner_high)
    if low.value > high.value:
        raise Unknown
    clipped = single(Atom("clip", x, (low, high)))
    return clipped * Expression({ONE: scale}) + Expression({ONE: shift})


def is_piecewise_linear(x: Expression) -> bool:
    """Whether the expression is a sum of terms that are linear between the limits of clips."""
    return all(sum(power for _, power in key) <= 1 for key in x.terms) and all(
        atom.inside is None or atom.name == "clip" for atom in x.atoms()
    )


# The words of the table's definitions that occur in functions of x.
WORDS: dict[str, Any] = {
    "erf": lambda x: 2 * Phi(sqrt(2) * x) - 1,
    "erfc": lambda x: 2 - 2 * Phi(sqrt(2) * x),
    "exp": exp,
    "expm1": lambda x: exp(x) - 1,
    "tanh": lambda x: 2 * sigmoid(2 * as_expression(x)) - 1,
    "sqrt": sqrt,
    "Phi": Phi,
    "phi": lambda x: exp(x * x / -2) / sqrt(2 * math.pi),
    "sigmoid": sigmoid,
    "sigmoid_grad": sigmoid_grad,
    "softplus": softplus,
    "max": maximum,
    "min": minimum,
    "pi": math.pi,
    "selu_alpha": 1.6732632423543772848,
    "selu_scale": 1.0507009873554804934,
}
