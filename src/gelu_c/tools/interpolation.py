"""Polynomials through an exact function, in Arb ball arithmetic (python-flint)."""

from flint import arb, arb_mat


def chebyshev_nodes(lo, hi, n):
    """The n Chebyshev nodes of [lo, hi]."""
    middle, half = (lo + hi) / 2, (hi - lo) / 2
    return [middle + half * (arb.pi() * (2 * i + 1) / (2 * n)).cos() for i in range(n)]


def through(f, nodes):
    """Coefficients, lowest degree first, of the polynomial through f at the nodes."""
    n = len(nodes)
    vandermonde = arb_mat([[x**k for k in range(n)] for x in nodes])
    solution = vandermonde.solve(arb_mat([[f(x)] for x in nodes]))
    return [solution[k, 0] for k in range(n)]


def interpolate(f, lo, hi, degree):
    """Coefficients of the polynomial through f at the Chebyshev nodes of [lo, hi]."""
    return through(f, chebyshev_nodes(lo, hi, degree + 1))
