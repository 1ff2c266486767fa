"""The functions that the coefficients approximate, in Arb ball arithmetic (python-flint)."""

from flint import arb, ctx

ctx.prec = 400  # bits; interpolation loses some of them

SQRT2 = arb(2).sqrt()
SQRT_2PI = (2 * arb.pi()).sqrt()
SQRT_2_OVER_PI = (2 / arb.pi()).sqrt()


def phi(x):
    """Standard normal density."""
    return (-x * x / 2).exp() / SQRT_2PI


def ndtr(x):
    """Standard normal distribution function."""
    return (-x / SQRT2).erfc() / 2


def mills(a):
    """ndtr(-a) * exp(a^2 / 2), which is Mills' ratio divided by sqrt(2 pi)."""
    return (a * a / 2).exp() * ndtr(-a)


def log_ndtr(x):
    """log(ndtr(x))"""
    return (-ndtr(-x)).log1p() if x > 0 else ndtr(x).log()


def phi_over_ndtr(x):
    """phi(x) / ndtr(x), the derivative of log_ndtr."""
    return phi(x) / ndtr(x)


def tanh_argument(x):
    """The v for which gelu_tanh(x) = x * sigmoid(v)."""
    return 2 * SQRT_2_OVER_PI * (x + arb("0.044715") * x**3)


def tanh_argument_derivative(x):
    return 2 * SQRT_2_OVER_PI * (1 + 3 * arb("0.044715") * x**2)


def sigmoid(x):
    return 1 / (1 + (-x).exp())


def sigmoid_grad(x):
    return sigmoid(x) * sigmoid(-x)


def tanh_grad(x):
    return 4 * sigmoid_grad(2 * x)


def silu(x):
    return x * sigmoid(x)


def silu_grad(x):
    return sigmoid(x) * (1 + x * sigmoid(-x))


QUICK = arb("1.702")


def gelu_quick(x):
    return x * sigmoid(QUICK * x)


def gelu_quick_grad(x):
    return silu_grad(QUICK * x)


def gelu(x):
    return x * ndtr(x)


def gelu_grad(x):
    return ndtr(x) + x * phi(x)


def gelu_grad2(x):
    return phi(x) * (2 - x * x)


def gelu_tanh(x):
    return x * sigmoid(tanh_argument(x))


def gelu_tanh_grad(x):
    s = sigmoid(tanh_argument(x))
    return s + x * s * (1 - s) * tanh_argument_derivative(x)


def softplus(x):
    return x.max(arb(0)) + (-abs(x)).exp().log1p()


def elu(x):
    return x.max(arb(0)) + x.min(arb(0)).expm1()


SELU_ALPHA = arb("1.6732632423543772848170429916717")
SELU_SCALE = arb("1.0507009873554804934193349852946")


def selu(x):
    return SELU_SCALE * (x.max(arb(0)) + SELU_ALPHA * x.min(arb(0)).expm1())


def mish_grad(x):
    t = softplus(x).tanh()
    return t + x * sigmoid(x) * (1 - t * t)


def zero_of(f, lo, hi):
    """The zero of f in [lo, hi], by the Illinois method: secants inside a bracket."""
    lo, hi = arb(lo), arb(hi)
    flo, fhi = f(lo), f(hi)
    for _ in range(200):
        x = ((lo * fhi - hi * flo) / (fhi - flo)).mid()
        fx = f(x)
        if abs(fx.mid()) < arb(2) ** -330:
            break
        if (fx > 0) == (fhi > 0):
            hi, fhi, flo = x, fx, flo / 2
        else:
            lo, flo, fhi = x, fx, fhi / 2
    return x
