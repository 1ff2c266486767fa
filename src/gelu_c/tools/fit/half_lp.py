"""A small linear program: the polynomial that stays farthest from the ends of given intervals.

    maximise m,   lo[i] + m * weight[i] <= p(t[i]) <= hi[i] - m * weight[i]

The method is an exchange, like the exchange of points of Remez and Stiefel, and is known as the
dual simplex method. As many constraints as there are unknowns hold as equations. The most violated
of the other constraints replaces the one whose multiplier would be the first to become negative.
All sums are computed in doubles in a fixed order, so any machine gives the same bits."""

import numpy as np

MOST_EXCHANGES = 400


def solve(equations, right):
    """The solution of a small system of equations, by elimination; None if it is singular."""
    n = len(equations)
    m = [[*map(float, equation), float(b)] for equation, b in zip(equations, right, strict=True)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(m[r][i]))
        if m[pivot][i] == 0:
            return None
        m[i], m[pivot] = m[pivot], m[i]
        head = m[i]
        for r in range(i + 1, n):
            factor = m[r][i] / head[i]
            if factor:
                m[r] = [x - factor * y for x, y in zip(m[r], head, strict=True)]
    x = [0.0] * n
    for i in reversed(range(n)):
        known = sum(m[i][j] * x[j] for j in range(i + 1, n))
        x[i] = (m[i][n] - known) / m[i][i]
    return x


def times(columns, x):
    """The product of the matrix with these columns and x, added in a fixed order."""
    total = columns[0] * x[0]
    for column, factor in zip(columns[1:], x[1:], strict=True):
        total = total + column * factor
    return total


def first_basis(t, columns, n):
    """The first constraints: points spread over the piece, upper or lower by their multipliers."""
    size, share = len(t), np.arange(n + 1) / n
    for spread in (share * share * (3 - 2 * share), share, share * share, share / 2):
        places = np.searchsorted(t, t[0] + spread * (t[-1] - t[0]))
        chosen = {min(int(place), size - 1) for place in places}
        chosen.update([i for i in range(size) if i not in chosen][: n + 1 - len(chosen)])
        by_point = [[column[i] for column in columns] for i in sorted(chosen)]
        # multipliers mu, not all zero, for which the sum of mu * values is 0; the last is 1
        matrix = [[by_point[j][k] for j in range(n)] for k in range(n)]
        mu = solve(matrix, [-x for x in by_point[n]])
        if mu is not None:
            break
    else:
        return None
    return [(i, 1 if m > 0 else -1) for i, m in zip(sorted(chosen), [*mu, 1.0], strict=True)]


def padded(t, lo, hi, weight, n):
    """The points, and if they are too few, more with very wide intervals."""
    if len(t) > n + 1:
        return t, lo, hi, weight
    reach, size = max(t[-1] - t[0], 2.0**-6), np.max(np.abs([lo, hi]))
    more = t[0] + reach * (np.arange(n + 2) + 0.37) / (n + 2)
    loose = np.full(n + 2, 2 * size)
    parts = (t, more), (lo, -loose), (hi, loose), (weight, np.full(n + 2, np.max(weight)))
    t, lo, hi, weight = (np.concatenate(part) for part in parts)
    order = np.argsort(t, kind="stable")
    return t[order], lo[order], hi[order], weight[order]


def best_polynomial(t, lo, hi, weight, degree, fixed=()):
    """(margin, coefficients), or (-inf, None). `fixed` are the given coefficients, lowest first."""
    firsts = np.flatnonzero(np.append(True, np.diff(t) > 0))  # points with the same t become one
    lo, hi = np.maximum.reduceat(lo, firsts), np.minimum.reduceat(hi, firsts)
    t, weight = t[firsts], weight[firsts]
    if fixed:  # the value at 0 is given
        t, lo, hi, weight = (x[t != 0] for x in (t, lo, hi, weight))
    n = degree + 1 - len(fixed)
    t, lo, hi, weight = padded(t, lo, hi, weight, n)
    known = np.zeros_like(t)
    for k in reversed(range(len(fixed))):
        known = known * t + fixed[k]
    lo, hi = (lo - known) / weight, (hi - known) / weight
    unit = float(np.max(np.abs(t)))
    powers, scales = [1 / weight], [1.0]  # of t / unit and of unit; pow differs between libraries
    for _ in range(degree):
        powers.append(powers[-1] * (t / unit))
        scales.append(scales[-1] * unit)
    columns, scales = powers[len(fixed) :], scales[len(fixed) :]
    basis = first_basis(t, columns, n)
    if basis is None:
        return -np.inf, None
    for _ in range(MOST_EXCHANGES):
        equations = [[*(s * column[i] for column in columns), 1.0] for i, s in basis]
        right = [hi[i] if s > 0 else -lo[i] for i, s in basis]
        x = solve(equations, right)
        turned = list(zip(*equations, strict=True))
        multipliers = solve(turned, [*([0.0] * n), 1.0])
        if x is None or multipliers is None:
            return -np.inf, None
        p = times(columns, x[:n])
        above, below = p - hi + x[n], lo - p + x[n]
        i, j = int(np.argmax(above)), int(np.argmax(below))
        worst, entering = max((above[i], (i, 1)), (below[j], (j, -1)))
        if worst <= 1e-7 * (1 + abs(x[n])) or entering in basis:
            break
        i, s = entering
        share = solve(turned, [*(s * column[i] for column in columns), 1.0])
        leaving = [
            (max(m, 0.0) / w, r)
            for r, (m, w) in enumerate(zip(multipliers, share, strict=True))
            if w > 1e-12
        ]
        if not leaving:
            return -np.inf, None
        basis[min(leaving)[1]] = entering
    else:
        return -np.inf, None
    return x[n], [*fixed, *(float(c) / scale for scale, c in zip(scales, x, strict=False))]
