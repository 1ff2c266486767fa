"""Prints the Python examples of Markdown pages as one module for type checkers. Each block of code
becomes a function:

python page_examples.py PAGE.md...

The examples are ```python blocks, and >>> examples anywhere in the pages."""

import ast
import doctest
import re
import sys
import textwrap
from pathlib import Path

FENCED = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.M | re.S)


def blocks(page):
    """Yields (line, language, text) of the fenced blocks and of the text between them, in order."""
    end = 0
    for found in FENCED.finditer(page):
        yield page.count("\n", 0, end) + 1, "", page[end : found.start()]
        yield page.count("\n", 0, found.start(2)) + 1, found[1], found[2]
        end = found.end()
    yield page.count("\n", 0, end) + 1, "", page[end:]


def code(language, text):
    """(line, Python code) of a block; the code is "" if it has none."""
    examples = doctest.DocTestParser().get_examples(text)
    if not examples:
        return 0, text if language == "python" else ""
    typed = [example for example in examples if not example.exc_msg]
    return examples[0].lineno, "".join(statement(example.source) for example in typed)


def statement(source):
    """The source, with print around a value: checkers take an unused value for a mistake."""
    match ast.parse(source).body:
        case [*_, ast.Expr(value)] if not isinstance(value, ast.Call):
            return f"print((\n{source}))\n"
    return source


def module(pages):
    """The text of the module, for {name of a page: its text}."""
    functions = ['"""Examples of the pages, as .ci/page_examples.py finds them."""\n']
    for name, page in pages.items():
        for line, language, text in blocks(page):
            offset, body = code(language, text)
            if body:
                head = f"def example_{len(functions)}() -> None:  # {name}, line {line + offset}"
                functions.append(f"{head}\n{textwrap.indent(body, '    ')}")
    return "\n\n".join(functions)


if __name__ == "__main__":
    sys.stdout.write(module({path: Path(path).read_text() for path in sys.argv[1:]}))
