"""Runs the experiment: chooses a learning rate for every unit, then trains with other seeds."""

import contextlib
import multiprocessing
import time
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np

from . import training
from .units import UNITS

# A gated unit is of second degree in its input. Several in a row overflow without normalisation
# between them, so the plain network has none.
NETWORKS = {
    "plain": [unit for unit in UNITS if not unit.gate],
    "residual": UNITS,
}
FIRST_TUNING_SEED = 1000


@dataclass(frozen=True)
class Settings:
    seeds: int = 20
    tuning_seeds: int = 10
    epochs: int = 30
    rates: tuple = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2)
    timing_rounds: int = 500


QUICK = Settings(seeds=2, tuning_seeds=1, epochs=1, rates=(1e-3, 3e-3), timing_rounds=3)


def experiment(settings, splits, processes=1, say=print, networks=NETWORKS):
    """{"settings", "networks": {network: {unit: its rate, tuning, runs, times}}}"""
    results = {}
    with workers(processes) as apply:
        for network, units in networks.items():
            found = results[network] = {}
            for unit in units:
                one = partial(one_run, unit, network == "residual", settings.epochs, splits)
                found[unit.label] = about = tuned_runs(settings, apply, one)
                accuracy = np.mean([run["test_correct"] for run in about["runs"]])
                say(f"{network:8}  {unit.label:15}  rate {about['rate']:g}  {accuracy:.2%}")
            times = step_times(network, units, splits[0], settings.timing_rounds)
            for unit, about in times.items():
                found[unit]["step"] = about
    return {"settings": asdict(settings), "networks": results}


def tuned_runs(settings, apply, one):
    """The best rate on the validation images, and the runs at this rate with other seeds."""
    seeds = range(FIRST_TUNING_SEED, FIRST_TUNING_SEED + settings.tuning_seeds)
    runs = apply(one, [(rate, seed) for rate in settings.rates for seed in seeds])
    tuning = []
    for i, rate in enumerate(settings.rates):
        at_rate = runs[i * len(seeds) : (i + 1) * len(seeds)]
        accuracy = np.mean([run["validation_accuracy"] for run in at_rate])
        dead = np.mean([run["end"]["dead"] for run in at_rate])
        tuning.append({"rate": rate, "accuracy": float(accuracy), "dead": float(dead)})
    best = max(tuning, key=lambda tried: tried["accuracy"])["rate"]
    return {
        "rate": best,
        "tuning": tuning,
        "runs": apply(one, [(best, seed) for seed in range(settings.seeds)]),
    }


def one_run(unit, residual, epochs, splits, task):
    rate, seed = task
    return training.run(unit, residual, rate, seed, epochs, splits)


@contextlib.contextmanager
def workers(processes):
    """A function like map, in several processes. The results do not depend on their number."""
    if processes == 1:
        yield lambda function, tasks: list(map(function, tasks))
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            yield partial(pool.map, chunksize=1)


def step_times(network, units, split, rounds):
    """{unit: times of a training step}. Each unit takes one step per round, so that disturbances
    affect all of them alike."""
    x, label = split.x[: training.BATCH], split.label[: training.BATCH]
    steps = []
    for unit in units:
        made = training.new_network(unit, network == "residual", split, seed=0)
        steps.append(partial(training.step, made, training.Adam(made.parameters, 0, rounds + 1)))
    times = np.empty((rounds + 1, len(units)))
    for row in times:
        for i, step in enumerate(steps):
            start = time.perf_counter()
            step(x, label)
            row[i] = time.perf_counter() - start
    times = times[1:]  # the first round allocates the buffers
    ratios = times / times[:, :1]  # to ReLU's
    return {
        unit.label: {
            "microseconds": 1e6 * float(np.median(times[:, i])),
            "ratio_quartiles": np.quantile(ratios[:, i], [0.25, 0.5, 0.75]).tolist(),
        }
        for i, unit in enumerate(units)
    }
