"""The options of gelu-fast apply for a job of many files, and how it ends."""

import argparse
import os
from typing import Any

from .. import __version__
from .._core._ufuncs import MOST_THREADS
from .._files.cluster.parts import find_parts, is_pattern
from .._files.cluster.records import claim
from .._files.errors import Refused
from .arguments import at_least
from .complain import complain
from .progress import progress_bar
from .signals import Signals

SHOWN = 10  # lines about parts that failed


def add_to(apply: argparse.ArgumentParser) -> None:
    """Adds the options to the command."""
    apply.add_argument(
        "--workers",
        metavar="N",
        type=at_least(1),
        help="IN is a pattern of files: compute in N processes (one for each processor)",
    )
    apply.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="IN is a pattern of files: compute on the workers of this scheduler of Dask, such as"
        " tcp://10.0.0.1:8786",
    )


def is_cluster_job(args: argparse.Namespace) -> bool:
    return bool(args.scheduler or args.workers or is_pattern(args.input))


def run_parts(args: argparse.Namespace, options: dict[str, Any], signals: Signals) -> int:
    """Runs the job of all parts, with these options of apply_file, and returns the exit status."""
    from .._files.cluster.run import compute_parts, import_distributed

    if args.scheduler and args.workers:
        raise Refused("--workers: starts a cluster on this computer, so --scheduler must be absent")
    import_distributed()
    parts = find_parts(args.input, args.output)
    job = {"options": options, "version": __version__, "function": args.function}
    claim(args.output, {os.path.basename(part.target) for part in parts}, job, args.force)
    with signals.noted() as check, progress_bar(unit=" parts", smoothing=0) as show:

        def progress(done: int, total: int) -> None:
            check()
            show(done, total)

        outcomes = compute_parts(
            parts,
            job,
            scheduler=args.scheduler,
            workers=args.workers,
            # A task has no more than its worker has processors.
            threads=MOST_THREADS if args.threads == 0 else args.threads or 1,
            progress=progress,
            say=lambda text: complain(text, 0),
        )
    failed = sorted((part, outcome.text) for part, outcome in outcomes if outcome.kind == "failed")
    for _, text in failed[:SHOWN]:
        complain(text, 2)
    if len(failed) > SHOWN:
        complain(f"and {len(failed) - SHOWN} more parts failed", 2)
    kept = sum(outcome.kind == "kept" for _, outcome in outcomes)
    made = len(outcomes) - len(failed) - kept
    print(f"{len(parts)} parts: {made} computed, {kept} kept, {len(failed)} failed")
    return 2 if failed else 0
