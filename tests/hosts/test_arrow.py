"""gelu_fast.arrow: the bits of the ufuncs, with the nulls, types and shapes of the Arrow data."""

import warnings
from functools import partial

import numpy as np
import pytest
from support.bits import assert_same_bits, inputs, samples
from support.hosts import run_python
from support.table import KINDS, NAMES, ROW

import gelu_fast
import gelu_fast.functional as F

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

import pyarrow.compute as pc  # noqa: E402
import pyarrow.dataset as ds  # noqa: E402

from gelu_fast.arrow import apply, register  # noqa: E402

DTYPES = ["float16", "float32", "float64"]
dtypes = pytest.mark.parametrize("dtype", DTYPES)
kinds = pytest.mark.parametrize("name", KINDS)


def as_tuple(results):
    return results if isinstance(results, tuple) else (results,)


def missing(n, seed=0):
    return np.random.default_rng(seed).random(n) < 0.2


def masked(values, seed=0):
    """An array of the values with some nulls, whose memory has the values under the nulls too."""
    return pa.array(values, mask=missing(len(values), seed)) if seed else from_memory(values)


def from_memory(values, null=None):
    null = missing(len(values)) if null is None else null
    bitmap = np.packbits(~null, bitorder="little")
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [pa.py_buffer(bitmap), pa.py_buffer(values)])


def nulls(array):
    return np.array(array.is_null().to_pylist(), bool)


def numbers(array):
    """The numbers of an array, also those under nulls."""
    dtype = np.dtype(array.type.to_pandas_dtype())
    buffer, start = array.buffers()[1], array.offset * dtype.itemsize
    return np.frombuffer(buffer, dtype, len(array), start) if len(array) else np.empty(0, dtype)


def check(got, want, null):
    """An array has these numbers and these nulls."""
    got.validate(full=True)
    assert got.type == pa.from_numpy_dtype(want.dtype)
    assert len(got) == len(want)
    np.testing.assert_array_equal(nulls(got), null)
    assert got.null_count == np.count_nonzero(null)
    assert_same_bits(numbers(got)[~null], want[~null])


def bare(function, *operands):
    with np.errstate(all="ignore"):
        return as_tuple(function(*operands))


# ---- Arrays


@pytest.mark.slow
@dtypes
@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_function(name, dtype):
    """apply and the registered function."""
    operands = inputs(ROW[name, dtype], 500)
    arrays = [masked(x, seed) for seed, x in enumerate(operands)]
    null = np.any([nulls(x) for x in arrays], axis=0)
    wanted = bare(getattr(gelu_fast, name), *operands)
    register()
    called = pc.call_function(f"{name}_{dtype}", arrays)
    fields = called.flatten() if len(wanted) > 1 else [called]
    for results in (as_tuple(apply(name, *arrays)), fields):
        for got, want in zip(results, wanted, strict=True):
            check(got, want, null)


def test_every_instruction_set(isa):
    x = samples(ROW["gelu", "float32"], 1000)
    check(apply("gelu", from_memory(x)), bare(gelu_fast.gelu, x)[0], missing(1000))


@pytest.mark.parametrize("start", range(18))
@pytest.mark.parametrize(
    "function", [gelu_fast.gelu, F.gelu, partial(F.elu, alpha=2.0)], ids=["ufunc", "F", "partial"]
)
def test_slices(function, start):
    """The bitmap of a slice may begin inside a byte."""
    x, null = samples(ROW["gelu", "float32"], 100), missing(100)
    part = slice(start, 91)
    given = from_memory(x)[part]
    got = apply(function, given)
    check(got, bare(function, x[part])[0], null[part])
    check(got[3:], bare(function, x[part])[0][3:], null[part][3:])
    given, got = given.buffers()[0], got.buffers()[0]
    if isinstance(function, np.ufunc) or start % 8 == 0:
        assert got.address == given.address + start // 8


@pytest.mark.parametrize("start", [0, 1, 8])
def test_slices_of_several_operands(start):
    dy, x = inputs(ROW["gelu_backward", "float64"], 100)
    want = bare(gelu_fast.gelu_backward, dy[start:], x[: -start or None])[0]
    null, some = missing(100)[start:], pa.array(dy)[start:]
    given = from_memory(x, missing(100, 5))[: len(some)]
    check(apply("gelu_backward", some, given), want, missing(100, 5)[: len(some)])
    check(apply("gelu_backward", from_memory(dy)[start:], pa.array(x)[: len(some)]), want, null)
    both = apply("gelu_backward", from_memory(dy)[start:], given)
    check(both, want, null | missing(100, 5)[: len(some)])


@dtypes
def test_no_nulls(dtype):
    x = samples(ROW["gelu", dtype], 100)
    got = apply("gelu", pa.array(x))
    check(got, bare(gelu_fast.gelu, x)[0], np.zeros(100, bool))
    assert got.buffers()[0] is None


@dtypes
def test_all_null(dtype):
    x = samples(ROW["gelu", dtype], 100)
    check(apply("gelu", from_memory(x, np.ones(100, bool))), x, np.ones(100, bool))
    check(apply("gelu", pa.nulls(5, pa.from_numpy_dtype(x.dtype))), x[:5], np.ones(5, bool))


@dtypes
def test_empty(dtype):
    kind = pa.from_numpy_dtype(np.dtype(dtype))
    for given in (pa.array([], kind), pa.array([1, None], kind)[:0], pa.array([1.0], kind)[1:]):
        check(apply("gelu", given), np.empty(0, dtype), np.empty(0, bool))
    assert apply("gelu", pa.chunked_array([], kind)).type == kind


@pytest.mark.parametrize("kind", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64"])
def test_integers(kind):
    x = np.array([0, 1, 3, np.iinfo(kind).max], kind)
    null = np.array([False, True, False, False])
    check(apply("gelu", from_memory(x, null)), bare(gelu_fast.gelu, x)[0], null)


@pytest.mark.parametrize("start", range(10))
def test_booleans(start):
    x, null = np.arange(20) % 3 == 0, missing(20)
    got = apply("gelu", pa.array(x, mask=null)[start:])
    check(got, bare(gelu_fast.gelu, x[start:])[0], null[start:])


@kinds
def test_types_are_promoted(name):
    """As NumPy promotes arrays and numbers."""
    ufunc = getattr(gelu_fast, name)
    rng = np.random.default_rng(2)
    first, *others = (rng.normal(size=50) for _ in range(ufunc.nin))
    first = first.astype(np.float32)
    wanted = bare(ufunc, first, *others)
    for got, want in zip(
        as_tuple(apply(name, *map(pa.array, [first, *others]))), wanted, strict=True
    ):
        check(got, want, np.zeros(50, bool))


@pytest.mark.parametrize("beta", [1.5, 2, np.float32(1.5), np.float64(1.5), np.int8(2), True])
def test_numbers_beside_arrays(beta):
    """A Python number has no type of its own, a number of NumPy or Arrow has."""
    x = np.random.default_rng(2).normal(size=100).astype(np.float32)
    check(apply("swish", from_memory(x), beta), bare(gelu_fast.swish, x, beta)[0], missing(100))
    if isinstance(beta, np.generic):
        got = apply("swish", from_memory(x), pa.scalar(beta))
        check(got, bare(gelu_fast.swish, x, beta)[0], missing(100))


def test_nulls_beside_arrays():
    x = pa.array([1.0, None], pa.float32())
    for beta, kind in [
        (pa.scalar(None), pa.float32()),
        (pa.scalar(None, pa.float32()), pa.float32()),
        (pa.scalar(None, pa.float64()), pa.float64()),
        (pa.nulls(2), pa.float32()),
        (pa.nulls(2, pa.float64()), pa.float64()),
    ]:
        assert apply("swish", x, beta).equals(pa.nulls(2, kind))
        assert apply("swish", beta, x).equals(pa.nulls(2, kind))


def test_nulls_without_a_type():
    assert apply("gelu", pa.nulls(3)).equals(pa.nulls(3))
    assert apply("gelu", pa.scalar(None)).equals(pa.scalar(None))
    assert apply("swiglu_backward", pa.nulls(3), 1.0, pa.nulls(3)) == (pa.nulls(3),) * 2


def test_scalars():
    want = pa.scalar(gelu_fast.gelu(np.float32(-1.0)))
    assert apply("gelu", pa.scalar(-1.0, pa.float32())).equals(want)
    assert apply("gelu", pa.scalar(None, pa.float32())).equals(pa.scalar(None, pa.float32()))
    assert apply("swish", 1.0, pa.scalar(2.0, pa.float32())).type == pa.float32()
    assert apply("swish", 1.0, pa.scalar(None, pa.float32())).equals(pa.scalar(None, pa.float32()))
    assert apply("gelu", 1.0).equals(pa.scalar(gelu_fast.gelu(1.0)))


def test_other_callables():
    table = np.arange(256, dtype=np.uint8)[::-1].copy()
    x = pa.array([1, None, 255], pa.uint8())
    assert apply(partial(gelu_fast.quantized.lookup, table), x).to_pylist() == [254, None, 0]
    assert apply(np.exp, pa.array([0.0, None])).to_pylist() == [1.0, None]
    assert apply(gelu_fast.activation("relu6"), pa.array([7.0, None])).to_pylist() == [6.0, None]
    # A random function draws for each element, also in a slice.
    draw = partial(gelu_fast.gelu_stochastic, rng=np.random.default_rng(3))
    want = gelu_fast.gelu_stochastic(np.full(50, 0.3), np.random.default_rng(3))
    got = apply(draw, pa.array([None] * 3 + [0.3] * 50)[3:])
    assert got.to_pylist() == want.tolist()


# ---- Floating-point exceptions


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_nulls_cause_no_warnings(kind):
    x = np.full(30, np.finfo(kind).max)
    null = np.ones(30, bool)
    null[20:] = False
    x[20:] = 1
    for given in (from_memory(x, null), from_memory(x, null)[11:]):
        assert apply(np.exp, given).drop_null().equals(pa.array(np.exp(x[20:])))
        with np.errstate(all="raise"):
            apply(np.exp, given)
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert np.isinf(apply(np.exp, from_memory(x, ~null)).drop_null()).all()
    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="overflow"):
        apply(np.exp, from_memory(x, ~null))
    with np.errstate(over="ignore"):
        apply(np.exp, from_memory(x, ~null))


def test_null_lists_cause_no_warnings():
    values = pa.array([1e300, 1e300, 1.0, 2.0, 1e300, None])
    lists = pa.Array.from_buffers(
        pa.list_(pa.float64(), 2), 3, [pa.py_buffer(b"\x02")], children=[values]
    )
    assert apply(np.square, lists).to_pylist() == [None, [1.0, 4.0], None]
    lists = pa.Array.from_buffers(
        pa.list_(pa.float64(), 2), 3, [pa.py_buffer(b"\x06")], children=[values]
    )
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert apply(np.square, lists).to_pylist() == [None, [1.0, 4.0], [np.inf, None]]


# ---- Lists and tensors

ROWS = [[-1.0, None], None, [2.0, 0.5], [3.0, -4.0]]


def relu(rows):
    return [row and [x if x is None else max(x, 0.0) for x in row] for row in rows]


@pytest.mark.parametrize("start", range(4))
@pytest.mark.parametrize("make", [pa.list_, pa.large_list, lambda kind: pa.list_(kind, 2)])
@dtypes
def test_lists(make, start, dtype):
    kind = make(pa.from_numpy_dtype(np.dtype(dtype)))
    for rows in (ROWS, [row or [0.0, 0.0] for row in ROWS]):
        got = apply("relu", pa.array(rows, kind)[start:])
        got.validate(full=True)
        assert got.type == kind
        assert got.to_pylist() == relu(rows[start:])
        assert got[1:].to_pylist() == relu(rows[start + 1 :])


def test_lists_of_other_lengths():
    rows = [[], [1.0], None, [-1.0, 2.0, None], []]
    for make in (pa.list_, pa.large_list):
        for start in range(6):
            for stop in range(start, 6):
                got = apply("relu", pa.array(rows, make(pa.float32()))[start:stop])
                got.validate(full=True)
                assert got.to_pylist() == relu(rows[start:stop])
    nested = pa.array([[[-1.0], None], None, [[2.0, None]]], pa.list_(pa.list_(pa.float32())))
    assert apply("relu", nested[1:]).to_pylist() == [None, [[2.0, None]]]
    assert apply("gelu", pa.array([[1], None], pa.list_(pa.int16()))).type == pa.list_(pa.float32())
    assert apply("gelu", pa.array([[None], None])).type == pa.list_(pa.null())


def test_only_the_values_of_a_slice_are_computed():
    lists = pa.array([[1e300]] * 5 + [[1.0, 2.0]])
    assert apply(np.square, lists[5:]).values.to_pylist() == [1.0, 4.0]
    fixed = pa.array([[1e300, 1.0]] * 5 + [[1.0, 2.0]], pa.list_(pa.float64(), 2))
    assert apply(np.square, fixed[5:]).values.to_pylist() == [1.0, 4.0]


def test_embeddings_of_two_operands():
    rng = np.random.default_rng(4)
    gate, up = (rng.normal(size=60).astype(np.float32) for _ in range(2))
    kind = pa.list_(pa.field("x", pa.float32(), metadata={"a": "b"}), 4)
    lists = [pa.FixedSizeListArray.from_arrays(pa.array(x), type=kind) for x in (gate, up)]
    null = missing(15)
    lists[0] = pa.FixedSizeListArray.from_arrays(pa.array(gate), type=kind, mask=pa.array(null))
    got = apply("swiglu", *lists)
    assert got.type.equals(kind, check_metadata=True)
    np.testing.assert_array_equal(nulls(got), null)
    want = gelu_fast.swiglu(gate, up).reshape(15, 4)[~null]
    assert_same_bits(numbers(got.drop_null().flatten()), want.ravel())
    assert apply("swish", lists[1], 1.0).flatten().equals(apply("swish", pa.array(up), 1.0))


def test_tensors():
    kind = pa.fixed_shape_tensor(pa.float32(), [2, 3], ["a", "b"], [1, 0])
    x = np.random.default_rng(5).normal(size=(4, 6)).astype(np.float32)
    storage = pa.FixedSizeListArray.from_arrays(pa.array(x.ravel()), 6)
    given = pa.ExtensionArray.from_storage(kind, storage)
    got = apply("gelu", given[1:])
    assert got.type == kind
    assert_same_bits(numbers(got.storage.flatten()), gelu_fast.gelu(x[1:]).ravel())
    assert apply("geglu", given, given).type == kind
    whole = pa.fixed_shape_tensor(pa.int8(), [2])
    ints = pa.ExtensionArray.from_storage(whole, pa.array([[1, 2], None], pa.list_(pa.int8(), 2)))
    got = apply("relu", ints)
    assert got.type == pa.fixed_shape_tensor(pa.float16(), [2])
    assert got.to_pylist() == [[1.0, 2.0], None]


# ---- Chunks and records


def test_chunks():
    x = np.random.default_rng(6).normal(size=100)
    cuts = [slice(0, 7), slice(7, 7), slice(7, 50), slice(50, 100)]
    chunks = [from_memory(x)[cut] for cut in cuts]
    got = apply("gelu", pa.chunked_array(chunks))
    assert [len(chunk) for chunk in got.chunks] == [7, 0, 43, 50]
    check(got.combine_chunks(), gelu_fast.gelu(x), missing(100))
    got = apply("swish", 2.0, pa.chunked_array(chunks))
    check(got.combine_chunks(), gelu_fast.swish(2.0, x), missing(100))


@pytest.mark.parametrize("others", [[100], [30, 70], [0, 1, 99, 0]])
def test_other_chunks(others):
    """Several operands need not be cut at the same places."""
    dy, x = inputs(ROW["gelu_backward", "float32"], 100)
    first = pa.chunked_array([from_memory(dy)[:60], from_memory(dy)[60:]])
    second, start = [], 0
    for n in others:
        second.append(pa.array(x[start : start + n]))
        start += n
    want = bare(gelu_fast.gelu_backward, dy, x)[0]
    for given in (pa.chunked_array(second), pa.array(x)):
        got = apply("gelu_backward", first, given)
        assert isinstance(got, pa.ChunkedArray)
        check(pa.concat_arrays(got.chunks), want, missing(100))


SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("x", pa.float32(), metadata={"unit": "m"}),
        pa.field("name", pa.string()),
        pa.field("e", pa.list_(pa.float16(), 2)),
    ],
    metadata={"of": "all"},
)
RECORDS = pa.table(
    {
        "id": [1, 2, 3],
        "x": [-1.0, None, 2.0],
        "name": ["a", "b", None],
        "e": [[-1, 1], None, [0, 2]],
    },
    schema=SCHEMA,
)


def as_kind(kind):
    if kind == "table":
        return RECORDS
    [batch] = RECORDS.to_batches()
    return (
        batch if kind == "batch" else pa.RecordBatchReader.from_batches(SCHEMA, [batch, batch[:0]])
    )


@pytest.mark.parametrize("kind", ["table", "batch", "reader"])
def test_records(kind):
    got = apply("relu", as_kind(kind))
    assert type(got) is type(as_kind(kind))
    assert got.schema.equals(SCHEMA, check_metadata=True)
    got = got.read_all() if kind == "reader" else got
    got.validate(full=True)
    assert got.to_pydict() == RECORDS.to_pydict() | {
        "x": [0.0, None, 2.0],
        "e": [[0.0, 1.0], None, [0.0, 2.0]],
    }


@pytest.mark.parametrize("kind", ["table", "batch", "reader"])
def test_columns(kind):
    got = apply("swish", as_kind(kind), np.float64(0.0), columns=["id", "x"])
    got = got.read_all() if kind == "reader" else got
    assert got.schema.field("id") == pa.field("id", pa.float64(), nullable=False)
    assert got.schema.field("x").metadata == {b"unit": b"m"}
    halves = {"id": [0.5, 1.0, 1.5], "x": [-0.5, None, 1.0]}
    assert got.to_pydict() == RECORDS.to_pydict() | halves
    got = apply("relu", as_kind(kind), columns="id")
    got = got.read_all() if kind == "reader" else got
    assert got.to_pydict() == RECORDS.to_pydict()
    got = apply("relu", as_kind(kind), columns=[])
    assert got.schema == SCHEMA


def test_a_reader_is_lazy():
    computed, read = [], []

    def function(x):
        computed.append(len(x))
        return gelu_fast.gelu(x)

    def batches():
        for n in (1, 2, 3):
            read.append(n)
            yield pa.record_batch({"x": np.ones(n)})

    given = pa.RecordBatchReader.from_batches(pa.schema([("x", pa.float64())]), batches())
    got = apply(function, given)
    assert (computed, read) == ([0], [])  # the type of the results
    assert len(got.read_next_batch()) == 1
    assert (computed, read) == ([0, 1], [1])
    assert len(got.read_all()) == 5


def test_a_reader_passes_errors_on():
    def batches():
        yield pa.record_batch({"x": [1.0]})
        raise LookupError("gone")

    given = pa.RecordBatchReader.from_batches(pa.schema([("x", pa.float64())]), batches())
    got = apply("gelu", given)
    assert len(got.read_next_batch()) == 1
    with pytest.raises(LookupError, match="gone"):
        got.read_next_batch()


# ---- Objects of other libraries


class Of:
    """An object of another library, which hands out Arrow data."""

    def __init__(self, data, method):
        setattr(type(self), method, lambda self, *requested: getattr(data, method)(*requested))


def other(data, method):
    return type("Other", (Of,), {})(data, method)


def test_protocols():
    x = pa.array([-1.0, None, 2.0])
    want = apply("gelu", x)
    assert apply("gelu", other(x, "__arrow_c_array__")).equals(want)
    chunks = pa.chunked_array([x, x])
    assert apply("gelu", other(chunks, "__arrow_c_stream__")).equals(pa.chunked_array([want, want]))
    batch = pa.record_batch({"x": x})
    assert apply("gelu", other(batch, "__arrow_c_array__")).equals(pa.record_batch({"x": want}))
    got = apply("gelu", other(pa.table({"x": x}), "__arrow_c_stream__"))
    assert isinstance(got, pa.RecordBatchReader)
    assert got.read_all().equals(pa.table({"x": want}))


@pytest.mark.parametrize("kind", ["Float32", "Float64"])
def test_polars(kind):
    polars = pytest.importorskip("polars")
    series = polars.Series("x", [-1.0, None, 2.0], dtype=getattr(polars, kind))
    got = polars.Series("x", apply("gelu", series))
    assert got.equals(gelu_fast.gelu(series), check_dtypes=True, check_names=True)
    frame = series.to_frame().with_columns(name=polars.lit("a"))
    assert polars.DataFrame(apply("gelu", frame)).equals(frame.with_columns(x=got))


@pytest.mark.parametrize("kind", ["float64", "Float64", "double[pyarrow]"])
def test_pandas(kind):
    pandas = pytest.importorskip("pandas")
    series = pandas.Series([-1.0, None, 2.0], dtype=kind)
    if not hasattr(series, "__arrow_c_stream__"):
        pytest.skip("this pandas has no Arrow streams of series")
    want = apply("gelu", pa.array([-1.0, None, 2.0]))
    assert apply("gelu", series).combine_chunks().equals(want)
    frame = apply("gelu", pandas.DataFrame({"x": series, "name": list("abc")})).read_all()
    assert frame["x"].combine_chunks().equals(want)
    assert frame["name"].to_pylist() == list("abc")


# ---- Registered functions


def test_register():
    names = register()
    assert len(names) == len(set(names)) == 3 * len(NAMES)
    assert register() is names
    assert set(names) <= set(pc.list_functions())
    function = pc.get_function("swiglu_backward_float32")
    assert function.arity == 3
    assert function.kind == "scalar"
    with pytest.raises(ValueError, match="accepts 1 arguments but 2 passed"):
        pc.call_function("gelu_float64", [NUMBERS, NUMBERS])


def test_registered_functions_keep_nulls_of_both_results():
    register()
    x = pa.array([1.0, None, 2.0], pa.float16())
    got = pc.call_function("swiglu_backward_float16", [x, x, pa.scalar(1.0, pa.float16())])
    row = ROW["swiglu_backward", "float16"]
    assert got.type == pa.struct([(name, pa.float16()) for name in row.outputs])
    assert got.is_null().to_pylist() == [False, True, False]
    one = pa.scalar(1.0, pa.float16())
    assert pc.call_function("swiglu_backward_float16", [one, one, one]).as_py() == got[0].as_py()
    assert pc.call_function("gelu_float64", [pa.scalar(1.0)]).as_py() == gelu_fast.gelu(1.0)


def test_expressions(tmp_path):
    """In projections and filters of datasets, with other expressions."""
    register()
    x = np.random.default_rng(7).normal(size=1000).astype(np.float32)
    table = pa.table({"x": from_memory(x, missing(1000)), "i": np.arange(1000)})
    ds.write_dataset(
        table, tmp_path, format="parquet", max_rows_per_group=100, max_rows_per_file=400
    )
    data = ds.dataset(tmp_path, format="parquet")
    gelu = pc.Expression._call("gelu_float32", [pc.field("x")])
    swish = pc.Expression._call("swish_float32", [pc.field("x"), pc.scalar(1.5)])
    kept = pc.field("i") >= 37
    got = data.to_table(columns={"i": pc.field("i"), "a": gelu, "b": swish}, filter=kept)
    got = got.sort_by("i").combine_chunks()
    null = missing(1000)[37:]
    for name, want in {"a": gelu_fast.gelu(x), "b": gelu_fast.swish(x, 1.5)}.items():
        check(got[name].chunk(0), want[37:], null)
    positive = data.to_table(columns=["i"], filter=gelu > 0)["i"].to_pylist()
    assert sorted(positive) == np.flatnonzero((x > 0) & ~missing(1000)).tolist()


def test_a_name_that_is_taken():
    said = run_python(
        "import pyarrow as pa, pyarrow.compute as pc, gelu_fast.arrow\n"
        "doc, kind = {'summary': '', 'description': ''}, pa.float32()\n"
        "pc.register_scalar_function(lambda c, x: x, 'gelu_float32', doc, {'x': kind}, kind)\n"
        "try:\n    gelu_fast.arrow.register()\nexcept KeyError as error:\n    print(error)\n"
        "print('silu_float64' in pc.list_functions())\n"
    )
    assert "other functions of these names: ['gelu_float32']" in said
    assert said.split()[-1] == "False"


# ---- What is refused


NUMBERS = pa.array([1.0])


@pytest.mark.parametrize(
    ("error", "message", "arguments"),
    [
        (ValueError, "function must be one of gelu, .*; got 'geluu'", ["geluu", NUMBERS]),
        (TypeError, "function must be a name or a callable; got float", [1.0, NUMBERS]),
        (TypeError, "gelu takes 1 operands; got 2", ["gelu", NUMBERS, NUMBERS]),
        (TypeError, "data must have at least one operand", ["gelu"]),
        (TypeError, "data must be Arrow data or numbers; got list; pyarrow.array", ["gelu", [1.0]]),
        (TypeError, "got ndarray; pyarrow.array makes", ["gelu", np.ones(3)]),
        (TypeError, "data must be Arrow data or numbers; got str$", ["gelu", "x"]),
        (TypeError, "data must be numbers, .*; got string$", ["gelu", pa.array(["a"])]),
        (TypeError, "got timestamp.us.$", ["gelu", pa.array([], pa.timestamp("us"))]),
        (
            TypeError,
            r"got decimal128\(5, 2\): cast it to pyarrow.float64\(\)",
            ["gelu", pa.array([None], pa.decimal128(5, 2))],
        ),
        (TypeError, "dictionary_decode", ["gelu", NUMBERS.dictionary_encode()]),
        (TypeError, "run_end_decode", ["gelu", pc.run_end_encode(NUMBERS)]),
        (TypeError, "struct<x: int64>: pass its fields", ["gelu", pa.array([{"x": 1}])]),
        (TypeError, "got list<item: string>", ["gelu", pa.array([["a"]])]),
        (TypeError, "a scalar of type string", ["gelu", pa.scalar("a")]),
        (TypeError, "a scalar of type string", ["gelu", pa.scalar(None, pa.string())]),
        (ValueError, "equal lengths, .*; got lengths 1, 2", ["swish", NUMBERS, pa.array([1, 2])]),
        (TypeError, "several arrays must all be", ["swish", NUMBERS, pa.array([[1.0]])]),
        (TypeError, "several arrays must all be", ["swish", pa.array([[1.0]]), pa.array([[1.0]])]),
        (TypeError, "the only operand that is no number", ["swish", RECORDS, RECORDS]),
        (TypeError, "the only operand that is no number", ["swish", RECORDS, NUMBERS]),
        (ValueError, "no column of floats", ["gelu", RECORDS.select(["id"])]),
        (TypeError, "function must have one result .* got 2", ["swiglu_backward", 1, RECORDS, 1]),
        (TypeError, "function must return an array of NumPy; got int", [len, NUMBERS]),
        (ValueError, r"shape of its operands, \(1,\); got \(1, 1\)", [np.outer, NUMBERS, 1.0]),
        (TypeError, "numbers that Arrow has; got dtype bool", [np.isnan, NUMBERS]),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_refused(error, message, arguments):
    with pytest.raises(error, match=message):
        apply(*arguments)


@pytest.mark.parametrize(
    ("error", "message", "data", "columns"),
    [
        (TypeError, "columns must be None for data without columns", NUMBERS, ["x"]),
        (ValueError, "got 'y', which is the name of 0 columns", RECORDS, ["x", "y"]),
        (ValueError, "name of 2 columns", pa.table([NUMBERS, NUMBERS], ["x", "x"]), ["x"]),
        (TypeError, "got string", RECORDS, ["name"]),
    ],
)
def test_columns_are_refused(error, message, data, columns):
    with pytest.raises(error, match=message):
        apply("gelu", data, columns=columns)


def test_data_are_not_written():
    """A function cannot write into the memory of others."""
    memory = np.ones(3)
    with pytest.raises(ValueError, match="read-only"):
        apply(partial(F.relu, inplace=True), pa.array(memory))


def test_threads():
    from concurrent.futures import ThreadPoolExecutor

    x = samples(ROW["gelu", "float32"], 20000)
    want = bare(gelu_fast.gelu, x)[0]
    with ThreadPoolExecutor(4) as pool, warnings.catch_warnings():
        warnings.simplefilter("error")
        for got in pool.map(lambda _: apply("gelu", from_memory(x)), range(20)):
            check(got, want, missing(20000))
