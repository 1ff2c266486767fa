"""Digests, in tests/stored/, of values that depend on the sources only and take minutes to compute.
Tests compare with them. The tests marked `exhaustive` compute all values and compare their digests,
or write them:

    pytest tests -m exhaustive -k stored --store

If a digest is missing, as for a new function, or different, tests compute the values that they
need."""

import fcntl
import hashlib
import json
import os
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[1] / "stored"


def digest(*parts):
    """The digest of byte strings."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "little") + part)
    return found.hexdigest()[:32]


def digest_of_numbers(array):
    """The digest of the bits of a float array; all NaNs are the same."""
    with np.errstate(invalid="ignore"):  # signalling NaNs
        array = np.where(np.isnan(array), np.array(np.nan, array.dtype), array)
    return digest(array.astype(array.dtype.newbyteorder("<")).tobytes())


def read(name):
    """{key: digest}"""
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else {}


def write(name, key, value):
    lock_file = Path(os.environ["GELU_FAST_TESTS_FOLDER"]) / "stored.lock"
    with open(lock_file, "w") as lock:  # other workers of pytest-xdist write too
        fcntl.flock(lock, fcntl.LOCK_EX)
        values = dict(sorted((read(name) | {key: value}).items()))
        (FOLDER / f"{name}.json").write_text(json.dumps(values, indent=0) + "\n")
