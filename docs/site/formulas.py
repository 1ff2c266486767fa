"""The definitions of the table as MathML, which browsers draw without a script."""

# ruff: noqa: RUF001 (formulas have Greek letters and minus signs)

import ast
from html import escape

SYMBOLS = {
    "Phi": "Φ",
    "phi": "φ",
    "sigmoid": "σ",
    "pi": "π",
    "selu_alpha": "α",
    "selu_scale": "λ",
    "inf": "∞",
}
COMPARISONS = {ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥"}
# How strongly an expression holds together.
SUM, PRODUCT, ATOM = range(3)

# What the words of the definitions mean, in other words.
MEANINGS = {
    "Phi": "integral(-inf, x, phi(t))",
    "phi": "exp(-x * x / 2) / sqrt(2 * pi)",
    "erf": "2 / sqrt(pi) * integral(0, x, exp(-t * t))",
    "erfc": "2 / sqrt(pi) * integral(x, inf, exp(-t * t))",
    "sigmoid": "1 / (1 + exp(-x))",
    "sigmoid_grad": "exp(-x) / ((1 + exp(-x)) * (1 + exp(-x)))",
    "softplus": "log(1 + exp(x))",
    "tanh": "(exp(2 * x) - 1) / (exp(2 * x) + 1)",
    "step": "(x > 0)",
}
CONSTANTS = {"selu_alpha": "1.6732632...", "selu_scale": "1.0507009..."}


def equations(function, inputs, outputs, definition):
    """`function(inputs) = definition`, or an equation for each output of several."""
    tree = ast.parse(definition, mode="eval").body
    if not isinstance(tree, ast.Tuple):
        operands = "<mo>,</mo>".join(map(word, inputs))
        tree = (
            ast.parse(MEANINGS[function]).body[0].value if definition == f"{function}(x)" else tree
        )
        return [equation(f"<mi>{function}</mi>{parenthesized(operands)}", tree)]
    return [equation(word(name), part) for name, part in zip(outputs, tree.elts, strict=True)]


def equation(left, tree):
    return f'<math display="block"><mrow>{left}<mo>=</mo>{expression(tree)}</mrow></math>'


def meanings():
    """An equation for each word of the definitions."""
    calls = {f"{name}(x)": text for name, text in MEANINGS.items()}
    trees = [[ast.parse(each).body[0].value for each in pair] for pair in calls.items()]
    numbers = [f"{word(name)}<mo>=</mo><mn>{value}</mn>" for name, value in CONSTANTS.items()]
    return [equation(expression(left), right) for left, right in trees] + [
        f'<math display="block"><mrow>{text}</mrow></math>' for text in numbers
    ]


def expression(tree, least=SUM):
    """The MathML of a tree, in parentheses if it holds together less strongly than `least`."""
    strength, text = parts(tree)
    return text if strength >= least else parenthesized(text)


def parenthesized(text):
    """The text in parentheses, which are large only around what is higher than a line."""
    high = str("<mfrac" in text or "<msqrt" in text).lower()
    left, right = (f'<mo stretchy="{high}">{sign}</mo>' for sign in "()")
    return f"<mrow>{left}{text}{right}</mrow>"


def parts(tree):
    """(strength, MathML) of a tree."""
    match tree:
        case ast.Constant(value):
            return ATOM, f"<mn>{value}</mn>"
        case ast.Name(name):
            return ATOM, word(name)
        case ast.UnaryOp(ast.USub(), operand):
            return SUM, f"<mrow><mo>−</mo>{expression(operand, PRODUCT)}</mrow>"
        case ast.BinOp(left, ast.Add() | ast.Sub() as sign, right):
            least = SUM if isinstance(sign, ast.Add) else PRODUCT
            text = "+" if isinstance(sign, ast.Add) else "−"
            return SUM, f"{expression(left)}<mo>{text}</mo>{expression(right, least)}"
        case ast.BinOp(_, ast.Mult() | ast.Div(), _):
            return product(tree)
        case ast.Compare(left, [comparison], [right]):
            sign = escape(COMPARISONS[type(comparison)])
            text = f"{expression(left)}<mo>{sign}</mo>{expression(right)}"
            return ATOM, f"<mrow><mo>[</mo>{text}<mo>]</mo></mrow>"
        case ast.Call(ast.Name(name), arguments):
            return call(name, arguments)
    raise ValueError(f"no formula for {ast.unparse(tree)}")


def word(name):
    if name in SYMBOLS:
        return f"<mi>{SYMBOLS[name]}</mi>"
    return f"<mi>{name}</mi>"  # of several letters it is upright


def call(name, arguments):
    inside = "<mo>,</mo>".join(map(expression, arguments))
    power = f"<msup><mi>e</mi><mrow>{inside}</mrow></msup>"
    match name:
        case "integral":
            lower, upper, inside = map(expression, arguments)
            sign = f"<msubsup><mo>∫</mo><mrow>{lower}</mrow><mrow>{upper}</mrow></msubsup>"
            return PRODUCT, f"{sign}{inside}<mspace width='0.22em'/><mi>d</mi><mi>t</mi>"
        case "sqrt":
            return ATOM, f"<msqrt>{inside}</msqrt>"
        case "exp":
            return ATOM, power
        case "expm1":
            return SUM, f"{power}<mo>−</mo><mn>1</mn>"
        case "phi_over_Phi":
            over, under = (call(each, arguments)[1] for each in ("phi", "Phi"))
            return ATOM, f"<mfrac><mrow>{over}</mrow><mrow>{under}</mrow></mfrac>"
        case "log_Phi":
            return ATOM, f"<mi>log</mi>{parenthesized(call('Phi', arguments)[1])}"
        case "sigmoid_grad":
            return ATOM, f"<msup><mi>σ</mi><mo>′</mo></msup>{parenthesized(inside)}"
    return ATOM, f"{word(name)}{parenthesized(inside)}"


def product(tree):
    """(strength, MathML) of a product or quotient: numbers first, equal factors as a power, a
    number over a power of ten as a decimal fraction."""
    over, under = factors(tree)
    integrals = [each for each in over if is_integral(each)]
    number, over = numbers(each for each in over if not is_integral(each))
    divisor, under = numbers(under)
    sign, number = ("<mo>−</mo>" if number < 0 else ""), abs(number)
    if divisor >= 100 and set(str(divisor).strip("0")) == {"1"}:
        number, divisor = f"{number / divisor:.12g}", 1
    text = row([number] if number != 1 or not over else [], over)
    if divisor != 1 or under:
        bottom = row([divisor] if divisor != 1 else [], under)
        text = f"<mfrac><mrow>{text}</mrow><mrow>{bottom}</mrow></mfrac>"
    text += "".join(map(expression, integrals))
    return (SUM if sign else PRODUCT), sign + text


def is_integral(tree):
    return isinstance(tree, ast.Call) and tree.func.id == "integral"


def factors(tree):
    """(factors, divisors) of a product."""
    match tree:
        case ast.BinOp(left, ast.Mult(), right):
            return tuple(a + b for a, b in zip(factors(left), factors(right), strict=True))
        case ast.BinOp(left, ast.Div(), right):
            (over, under), (down, up) = factors(left), factors(right)
            return over + up, under + down
    return [tree], []


def numbers(trees):
    """The product of the integers and signs among the factors, and the other factors."""
    result, others = 1, []
    for tree in trees:
        if isinstance(tree, ast.UnaryOp):
            result, tree = -result, tree.operand
        if isinstance(tree, ast.Constant):
            result *= tree.value
        else:
            others.append(tree)
    return result, others


def row(numbers, trees):
    """Factors side by side."""
    texts = [f"<mn>{number}</mn>" for number in numbers]
    dumps = [ast.dump(tree) for tree in trees]
    for place, (tree, dump) in enumerate(zip(trees, dumps, strict=True)):
        if dump not in dumps[:place]:
            times = dumps.count(dump)
            alone = len(trees) + len(numbers) == 1
            base = expression(tree, SUM if alone else PRODUCT)
            texts.append(base if times == 1 else power(tree, times))
    return "<mo>&#x2062;</mo><mspace width='0.22em'/>".join(texts)


def power(tree, times):
    if isinstance(tree, ast.Name):
        return f"<msup>{word(tree.id)}<mn>{times}</mn></msup>"
    return f"<msup><mrow>{parenthesized(expression(tree))}</mrow><mn>{times}</mn></msup>"
