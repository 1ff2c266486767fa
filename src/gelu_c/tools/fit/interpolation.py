"""Polynomials that approximate an exact function, in Arb ball arithmetic (python-flint)."""

from flint import arb, arb_mat


def chebyshev_nodes(lo, hi, n):
    """The n Chebyshev nodes of [lo, hi]."""
    middle, half = (lo + hi) / 2, (hi - lo) / 2
    return [middle + half * (arb.pi() * (2 * i + 1) / (2 * n)).cos() for i in range(n)]


def through(f, nodes):
    """The coefficients, lowest degree first, of the polynomial that equals f at the nodes."""
    n = len(nodes)
    vandermonde = arb_mat([[x**k for k in range(n)] for x in nodes])
    solution = vandermonde.solve(arb_mat([[f(x)] for x in nodes]))
    return [solution[k, 0] for k in range(n)]


def interpolate(f, lo, hi, degree):
    """The coefficients of the polynomial that equals f at the Chebyshev nodes of [lo, hi]."""
    return through(f, chebyshev_nodes(lo, hi, degree + 1))


def value(c, x):
    """The value at x of the polynomial with the coefficients c, lowest degree first."""
    y = arb(0)
    for coefficient in reversed(c):
        y = y * x + coefficient
    return y


def minimax(f, lo, hi, degree):
    """The coefficients, lowest degree first, of the polynomial with the smallest largest relative
    error, by the exchange of Remez on a grid of points. f has no zero in [lo, hi]."""
    grid = chebyshev_nodes(lo, hi, 16 * (degree + 2))[::-1]
    values = [f(x) for x in grid]
    reference = [round((k + 0.5) * len(grid) / (degree + 2)) for k in range(degree + 2)]
    best = (float("inf"), None)
    for _ in range(6):
        powers = [[grid[i] ** k for k in range(degree + 1)] for i in reference]
        signs = [(-1) ** k * abs(values[i]) for k, i in enumerate(reference)]
        matrix = arb_mat([[*each, sign] for each, sign in zip(powers, signs, strict=True)])
        solution = matrix.solve(arb_mat([[values[i]] for i in reference]))
        c = [solution[k, 0] for k in range(degree + 1)]
        errors = []
        for x, exact in zip(grid, values, strict=True):
            errors.append(float(((value(c, x) - exact) / exact).mid()))
        best = min(best, (max(map(abs, errors)), c), key=lambda pair: pair[0])
        reference = alternating_peaks(errors, degree + 2)
        if len(reference) < degree + 2:  # only noise is left
            break
    return best[1]


def alternating_peaks(errors, count):
    """The indices of the largest errors in each run of one sign: the best `count` in a row."""
    peaks = []
    for i, error in enumerate(errors):
        if peaks and (errors[peaks[-1]] > 0) == (error > 0):
            if abs(error) > abs(errors[peaks[-1]]):
                peaks[-1] = i
        else:
            peaks.append(i)
    while len(peaks) > count:
        peaks.pop(0 if abs(errors[peaks[0]]) < abs(errors[peaks[-1]]) else -1)
    return peaks
