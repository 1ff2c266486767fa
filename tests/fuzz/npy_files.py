"""`gelu-fast apply` on any bytes, as a file and as a pipe. It must compute what NumPy reads, or
refuse in one line and leave no file."""

import io
import os
import tempfile
from contextlib import redirect_stdout
from unittest.mock import patch

import numpy as np

import gelu_fast
from gelu_fast._core.dtypes import BFLOAT16
from gelu_fast._files.apply import apply_file
from gelu_fast._files.errors import Refused

from .choices import Choices

WORDS = ["'descr'", "'fortran_order'", "'shape'", "'<f4'", "'>f2'", "'|V2'", "'<i8'", "'|b1'"]
WORDS += ["'|O'", "True", "False", "(3,)", "(0,)", "()", "(1, 2)", "\\x93NUMPY\\x01\\x00"]
WORDS += ["\\x93NUMPY\\x02\\x00", "\\x93NUMPY\\x03\\x00", "3L", "'<f4', (2,)", "-1", "1e3"]

FOLDER = tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
SOURCE, TARGET = os.path.join(FOLDER.name, "in.npy"), os.path.join(FOLDER.name, "out.npy")


def seeds():
    arrays = [np.arange(6.0).reshape(2, 3), np.zeros((2, 2), "f4", order="F"), np.ones(3, ">f2")]
    arrays += [np.arange(5), np.array(True), np.zeros((0, 4)), np.array([None]), np.zeros(2, "V2")]
    arrays += [np.zeros(2, "f4,f8"), np.zeros(2, "M8[s]"), np.zeros(2, "c8"), np.array(["a"])]
    found = []
    for array in arrays:
        for version in ((1, 0), (2, 0), (3, 0)):
            file = io.BytesIO()
            np.lib.format.write_array(file, array, version, allow_pickle=True)
            found += [bytes([options]) + file.getvalue() for options in range(4)]
    return found


def check(data):
    choices = Choices(data)
    as_pipe, bfloat16 = choices.pick(2), choices.pick(2) and BFLOAT16 is not None
    content = choices.rest()
    if len(content) > 1 << 15:  # more than a pipe holds
        return
    result = refusal = None
    try:
        if as_pipe:
            apply_to_pipe(content, bfloat16)
        else:
            with open(SOURCE, "wb") as file:
                file.write(content)
            apply_file(SOURCE, TARGET, gelu_fast.gelu, force=True, bfloat16=bfloat16)
        result = np.load(TARGET)
        os.unlink(TARGET)
    except Refused as error:
        refusal = str(error)
        assert "\n" not in refusal
        assert "\r" not in refusal
    assert not set(os.listdir(FOLDER.name)) - {"in.npy"}
    compare(content, bfloat16, result, refusal)


def apply_to_pipe(content, bfloat16):
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    with open(reading) as stdin, patch("sys.stdin", stdin), redirect_stdout(io.StringIO()):
        apply_file("-", TARGET, gelu_fast.gelu, force=True, bfloat16=bfloat16)


def compare(content, bfloat16, result, refusal):
    try:
        x = loaded(content)
    except Exception:  # NumPy raises almost any
        assert result is None
        return
    if bfloat16 and x.dtype.str == "|V2":
        x = x.view(BFLOAT16)
    elif bfloat16 or x.dtype.str == "|V2":
        assert result is None
        return
    try:
        with np.errstate(all="ignore"):
            want = gelu_fast.gelu(x)
    except TypeError:
        assert result is None
        return
    assert result is not None, refusal
    assert result.shape == want.shape
    stored = want.view("V2") if want.dtype == BFLOAT16 else want
    assert result.dtype == stored.dtype
    assert result.tobytes("A") == stored.tobytes("A")


def loaded(content):
    """The array of a whole file; raises for others, without allocating what they ask for."""
    file = io.BytesIO(content)
    version = np.lib.format.read_magic(file)
    shape, _, dtype = np.lib.format._read_array_header(file, version)
    size = dtype.itemsize
    for n in shape:
        size *= n
    if size != len(content) - file.tell() or dtype.subdtype:
        raise ValueError
    file.seek(0)
    return np.load(file, allow_pickle=False)
