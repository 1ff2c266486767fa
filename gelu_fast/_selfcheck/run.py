"""Does the work of `selfcheck`: it tests blocks of inputs on every instruction set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from .._core import _ufuncs, dtypes
from .._core.arrays import Array
from .._core.dispatch import force_isa
from .._core.table import ROWS
from .._reference.ulp import Reference, error_ulp, reference
from .inputs import Block, block_count, block_inputs, blocks
from .processes import in_processes
from .result import SelfcheckResult

CLOSE = 1e-3  # ULP


def run(
    functions: Sequence[str],
    isas: Sequence[str],
    *,
    exhaustive: bool,
    seed: int,
    jobs: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[SelfcheckResult]:
    """Returns the SelfcheckResults of functions on instruction sets, in the order of the table.

    It calls `progress(done, total)`, in blocks, at the start and after each block. An exception
    from `progress` stops the check."""
    rows = [row for row in ROWS if row.function in functions and dtypes.is_here(row.dtype)]
    bounds = {(row.function, row.dtype): row.bound_ulp for row in rows}
    total = sum(block_count(row, exhaustive) for row in rows)
    todo = (block for row in rows for block in blocks(row, exhaustive))
    work = partial(check_block, isas=isas, seed=seed, bounds=bounds)
    checked = in_processes(work, todo, jobs)
    largest: dict[tuple[str, str, str], Worst] = {}
    progress(0, total)
    with closing(checked):
        for done, (block, found) in enumerate(checked, 1):
            for isa, worst in zip(isas, found, strict=True):
                key = block.function, block.dtype, isa
                largest[key] = worst.joined(largest.get(key))
            progress(done, total)
    return [
        SelfcheckResult(*key, w.inputs, w.ulp, bounds[key[0], key[1]], w.at, w.got, w.want)
        for key, w in largest.items()
    ]


@dataclass(frozen=True)
class Worst:
    """The largest error among some inputs."""

    inputs: int
    ulp: float
    at: tuple[float, ...]
    got: float
    want: float

    def joined(self, other: Worst | None) -> Worst:
        if other is None:
            return self
        larger = self if self.ulp > other.ulp else other
        return replace(larger, inputs=self.inputs + other.inputs)


def check_block(
    block: Block, isas: Sequence[str], seed: int, bounds: dict[tuple[str, str], float]
) -> tuple[Block, list[Worst]]:
    """Returns the block, and the Worst in it on each instruction set."""
    with np.errstate(all="ignore"):
        inputs = block_inputs(block, seed)
        want = reference(block.function, block.dtype, inputs)
        found = []
        for isa in isas:
            with force_isa(isa):
                got = _ufuncs.ufuncs()[block.function](*inputs)
            found.append(worst(block, inputs, got, want, bounds[block.function, block.dtype]))
        return block, found


def worst(
    block: Block, inputs: Sequence[Array], got: Array, want: Reference, bound: float
) -> Worst:
    """Returns the Worst of the values, with its exact error.

    `want` leaves each error uncertain by its `slack`, and `settle` computes one error exactly. No
    other error exceeds the returned one by more than CLOSE, and if the returned one is within the
    bound, all others are too."""
    most = error_ulp(got, want) + want.slack
    found = None
    while want.slack[i := int(np.argmax(most))] > 0:
        if found is not None:
            breaks = most[found] <= bound < most[i]
            if most[i] <= most[found] + CLOSE and not breaks:
                break
        want.settle(i, block.function, block.dtype, inputs)
        most[i] = error_ulp(got[i : i + 1], want.item(i))[0]
        if found is None or most[i] > most[found]:
            found = i
    else:
        found = i  # the largest upper bound is an exact error
    at = tuple(float(x[found]) for x in inputs)
    exact = float(want.middle[found])
    return Worst(got.size, float(most[found]), at, float(got[found]), exact)
