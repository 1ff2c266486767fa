"""Whatever wraps a ufunc keeps what a ufunc keeps. Every public callable of arrays is called with
every container; the values must be those of the plain array, and masks, missing values, labels,
laziness and classes must be those of the container."""

import pickle
from functools import partial

import numpy as np
import pytest
from support.bits import assert_same_bits

import gelu_fast
import gelu_fast.functional as F
from gelu_fast._core.table import COMPOUNDS
from gelu_fast._frameworks.names import NAMES
from gelu_fast.quantized import lookup

X = np.array([[-2.0, 0.5, 1.0, 3.0], [-1.0, 2.0, -0.25, 0.1]])
MISSING = X == 2.0
HALVED = ("glu", "_packed")  # the result has half the length along the last axis
NARROW = "lookup"


class Unit(np.ndarray):
    """A subclass that keeps a unit."""

    unit = None

    def __array_finalize__(self, parent):
        self.unit = getattr(parent, "unit", None)


class Lazy:
    """An array that refuses to be converted, and computes when it is asked to."""

    def __init__(self, shape, dtype, compute):
        self.shape, self.ndim, self.dtype, self.compute = shape, len(shape), dtype, compute

    def __array__(self, dtype=None, copy=None):
        raise TypeError("this array is not computed implicitly")

    def __getitem__(self, key):
        part = np.empty(self.shape, self.dtype)[key]
        return Lazy(part.shape, part.dtype, lambda: self.compute()[key])

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        def compute():
            arrays = [x.compute() if isinstance(x, Lazy) else x for x in inputs]
            return getattr(ufunc, method)(*arrays, **keywords)

        sizes = [np.zeros(x.shape, x.dtype) if isinstance(x, Lazy) else x for x in inputs]
        like = getattr(ufunc, method)(*sizes, **keywords)
        return Lazy(like.shape, like.dtype, compute)


def draws():
    return np.random.default_rng(60)


TABLE = np.random.default_rng(61).integers(-128, 128, 256).astype(np.int8)
CALLS = {
    **{f"functional.{name}": getattr(F, name) for name in F.__all__},
    "functional.gelu, tanh": partial(F.gelu, approximate="tanh"),
    "functional.leaky_relu, slope": partial(F.leaky_relu, negative_slope=0.2),
    "functional.elu, alpha": partial(F.elu, alpha=2.0),
    "functional.celu, alpha": partial(F.celu, alpha=-0.5),
    "functional.softplus, beta": partial(F.softplus, beta=2.0, threshold=1.5),
    **{
        f"activation {framework} {name}": gelu_fast.activation(name, framework)
        for framework, names in NAMES.items()
        for name in names
        if getattr(gelu_fast.activation(name, framework), "nin", 1) == 1
    },
    **{
        f"{row.function}_packed": getattr(gelu_fast, f"{row.function}_packed")
        for row in COMPOUNDS
        if row.inputs == ("gate", "up") and row.dtype == "float64"
    },
    "swiglu_packed, up first": partial(gelu_fast.swiglu_packed, order="up-first"),
    "swiglu_packed, interleaved": partial(gelu_fast.swiglu_packed, order="interleaved"),
    "gelu_stochastic": lambda x, **keywords: gelu_fast.gelu_stochastic(x, draws(), **keywords),
    "gelu_stochastic, expected": partial(gelu_fast.gelu_stochastic, rng=None, expected=True),
    "lookup": partial(lookup, TABLE),
    "lookup, channels": lambda x, **keywords: lookup(
        np.stack([TABLE, TABLE[::-1]]), x, axis=0, **keywords
    ),
}
calls = pytest.mark.parametrize("name", CALLS)
# `activation` returns callables that are tested here too, by other names.
distinct = pytest.mark.parametrize("name", [n for n in CALLS if not n.startswith("activation")])


def is_halved(name):
    return name.endswith(".glu") or "_packed" in name


def numbers(name):
    """Returns the input of a call, and where an element of its result is missing if X is."""
    x = X.astype(np.int8) if name.startswith("lookup") else X
    if not is_halved(name):
        return x, MISSING
    halves = (
        (MISSING[:, ::2], MISSING[:, 1::2])
        if "interleaved" in name
        else (
            MISSING[:, :2],
            MISSING[:, 2:],
        )
    )
    return x, halves[0] | halves[1]


def rows(name, container):
    """Calls with a container of the first row, which has a missing element."""
    x, _ = numbers(name)
    return CALLS[name], container(x[1])


@calls
def test_masked_array(name):
    x, missing = numbers(name)
    got = CALLS[name](np.ma.array(x, mask=MISSING))
    assert type(got) is np.ma.MaskedArray
    np.testing.assert_array_equal(np.ma.getmaskarray(got), missing)
    assert_same_bits(got.data[~missing], CALLS[name](x)[~missing])


@calls
def test_subclass(name):
    x, _ = numbers(name)
    with_unit = x.view(Unit)
    with_unit.unit = "m"
    got = CALLS[name](with_unit)
    assert type(got) is Unit
    assert got.unit == "m"
    assert_same_bits(np.asarray(got), CALLS[name](x))


@calls
def test_lazy(name):
    x, _ = numbers(name)
    computed = []

    def compute():
        computed.append(True)
        return x

    got = CALLS[name](Lazy(x.shape, x.dtype, compute))
    assert type(got) is Lazy
    assert not computed
    assert_same_bits(got.compute(), CALLS[name](x))


@calls
def test_dask(name):
    array = pytest.importorskip("dask.array")
    x, _ = numbers(name)
    got = CALLS[name](array.from_array(x, chunks=(1, 2)))
    assert isinstance(got, array.Array)
    assert_same_bits(got.compute(scheduler="synchronous"), CALLS[name](x))


@calls
def test_xarray(name):
    xarray = pytest.importorskip("xarray")
    x, _ = numbers(name)
    labels = {"row": ["a", "b"], "column": [10, 20, 30, 40], "group": ("column", list("ssdd"))}
    given = xarray.DataArray(x, dims=("row", "column"), coords=labels, name="x")
    got = CALLS[name](given)
    assert isinstance(got, xarray.DataArray)
    kept = {
        "swiglu_packed, up first": slice(2, None),
        "swiglu_packed, interleaved": slice(0, None, 2),
    }
    columns = kept.get(name, slice(None, 2)) if is_halved(name) else slice(None)
    assert got.row.values.tolist() == ["a", "b"]
    assert got.column.values.tolist() == labels["column"][columns]
    assert got.group.values.tolist() == labels["group"][1][columns]
    assert_same_bits(got.values, CALLS[name](x))


@calls
def test_pandas_frame(name):
    pandas = pytest.importorskip("pandas")
    x, _ = numbers(name)
    got = CALLS[name](pandas.DataFrame(x, index=["a", "b"], columns=list("wxyz")))
    assert isinstance(got, pandas.DataFrame)
    kept = {"swiglu_packed, up first": "yz", "swiglu_packed, interleaved": "wy"}
    assert list(got.index) == ["a", "b"]
    assert list(got.columns) == list(kept.get(name, "wx") if is_halved(name) else "wxyz")
    assert_same_bits(got.to_numpy(), CALLS[name](x))


@calls
def test_pandas_missing(name):
    pandas = pytest.importorskip("pandas")
    x, missing = numbers(name)
    call = CALLS[name] if "channels" not in name else CALLS["lookup"]
    given = pandas.Series(
        x[1], index=list("abcd"), dtype="Int8" if x.dtype == np.int8 else "Float64"
    )
    given[MISSING[1]] = pandas.NA
    got = call(given)
    assert isinstance(got, pandas.Series)
    assert got.isna().tolist() == missing[1].tolist()
    assert str(got.dtype) == str(given.dtype)
    want = call(x[1])[~missing[1]]
    np.testing.assert_array_equal(got.dropna().to_numpy(want.dtype), want)


@calls
@pytest.mark.parametrize("dtype", ["Float32", "Float64"])
def test_polars(name, dtype):
    polars = pytest.importorskip("polars")
    x, missing = numbers(name)
    if x.dtype == np.int8:
        call, kind = CALLS["lookup"], polars.Int8
    else:
        call, kind = CALLS[name], getattr(polars, dtype)
        x = x.astype(dtype.lower())
    values = [None if out else v for v, out in zip(x[1].tolist(), MISSING[1], strict=True)]
    got = call(polars.Series("x", values, dtype=kind))
    assert isinstance(got, polars.Series)
    assert got.dtype == kind
    assert got.is_null().to_list() == missing[1].tolist()
    np.testing.assert_array_equal(got.drop_nulls().to_numpy(), call(x[1])[~missing[1]])


@distinct
@pytest.mark.parametrize("kind", ["double[pyarrow]", "float[pyarrow]", "halffloat[pyarrow]"])
def test_pandas_backed_by_arrow(name, kind):
    pandas, _ = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    x, missing = numbers(name)
    call = CALLS[name] if "channels" not in name else CALLS["lookup"]
    kind = "int8[pyarrow]" if x.dtype == np.int8 else kind
    x = x.astype(pandas.Series([], dtype=kind).dtype.numpy_dtype)
    given = pandas.Series(x[1], index=list("abcd"), name="n").astype(kind)
    given[MISSING[1]] = pandas.NA
    got = call(given)
    assert isinstance(got, pandas.Series)
    assert got.name == "n"
    assert str(got.dtype) == kind
    assert got.isna().tolist() == missing[1].tolist()
    want = call(x[1])[~missing[1]]
    np.testing.assert_array_equal(got.dropna().to_numpy(want.dtype), want)


@distinct
@pytest.mark.parametrize("kind", ["masked", "arrow"])
def test_pandas_frame_missing(name, kind):
    """Frames of columns that may have missing elements, also in calls of several operands."""
    pandas = pytest.importorskip("pandas")
    if kind == "arrow":
        pytest.importorskip("pyarrow")
    x, missing = numbers(name)
    dtypes = {"masked": ("Int8", "Float64"), "arrow": ("int8[pyarrow]", "double[pyarrow]")}
    dtype = dtypes[kind][x.dtype != np.int8]
    given = pandas.DataFrame(x, index=[7, 7], columns=list("wxyz")).astype(dtype)
    for row, column in np.argwhere(MISSING):
        given.iloc[row, column] = pandas.NA
    got = CALLS[name](given)
    assert isinstance(got, pandas.DataFrame)
    kept = {"swiglu_packed, up first": "yz", "swiglu_packed, interleaved": "wy"}
    assert list(got.columns) == list(kept.get(name, "wx") if is_halved(name) else "wxyz")
    assert list(got.index) == [7, 7]
    assert set(map(str, got.dtypes)) == {dtype}
    np.testing.assert_array_equal(got.isna().to_numpy(), missing)
    want = CALLS[name](x)
    np.testing.assert_array_equal(got.to_numpy(want.dtype, na_value=0)[~missing], want[~missing])


def test_columns_keep_their_dtypes():
    """A gate of one operand keeps the dtype of each column, as a function of one operand does."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": np.ones(3, np.float32), "b": np.ones(3)})
    assert gelu_fast.gelu_stochastic(frame, draws()).dtypes.to_dict() == frame.dtypes.to_dict()
    want = gelu_fast.gelu_stochastic(np.ones((3, 2)), draws())
    np.testing.assert_array_equal(gelu_fast.gelu_stochastic(frame, draws()).to_numpy(), want)


@distinct
def test_xarray_variable(name):
    xarray = pytest.importorskip("xarray")
    x, _ = numbers(name)
    got = CALLS[name](xarray.Variable(("row", "column"), x))
    assert isinstance(got, xarray.Variable)
    assert got.dims == ("row", "column")
    assert_same_bits(got.values, CALLS[name](x))


@distinct
def test_dask_of_unknown_length(name):
    """What needs a length says so; the rest is computed later."""
    array = pytest.importorskip("dask.array")
    x, _ = numbers(name)
    given = array.from_array(x, chunks=(1, 4))
    given = given[given[:, 0] < 0]
    if name == "gelu_stochastic" or "channels" in name:
        with pytest.raises(ValueError, match="x must have a known length on axis 0; got Array"):
            CALLS[name](given)
    else:
        got = CALLS[name](given)
        assert_same_bits(got.compute(scheduler="synchronous"), CALLS[name](x))


@distinct
def test_dask_frame(name):
    frames, pandas = pytest.importorskip("dask.dataframe"), pytest.importorskip("pandas")
    x, _ = numbers(name)
    given = pandas.DataFrame(x, index=[3, 5], columns=list("wxyz"))
    lazy = frames.from_pandas(given, npartitions=2)
    if name == "gelu_stochastic" or "channels" in name:
        with pytest.raises(ValueError, match="x must have a known length on axis 0; got DataFrame"):
            CALLS[name](lazy)
    else:
        got = CALLS[name](lazy)
        assert isinstance(got, frames.DataFrame)
        pandas.testing.assert_frame_equal(
            got.compute(scheduler="synchronous"), CALLS[name](given), check_exact=True
        )


@pytest.mark.parametrize("kind", ["Int8", "UInt8"])
@pytest.mark.parametrize("table", [TABLE, TABLE.view(np.uint8)], ids=["int8", "uint8"])
def test_lookup_in_polars(kind, table):
    """The results have the dtype of the table, whatever that of the numbers is."""
    polars = pytest.importorskip("polars")
    x = np.array([1, 0, 100], kind.lower())
    series = polars.Series("x", [1, None, 100], dtype=getattr(polars, kind))
    tables = np.stack([table, table, table[::-1]])
    for got, want in [
        (lookup(table, series), lookup(table, x)),
        (lookup(tables, series, axis=0), lookup(tables, x, axis=0)),
    ]:
        assert got.name == "x"
        assert str(got.dtype).lower() == str(table.dtype)
        assert got.to_list() == [want[0], None, want[2]]
    with pytest.raises(TypeError, match="x must be a series of Int8 or UInt8; got Int16"):
        lookup(table, series.cast(polars.Int16))


def test_lookup_in_another_process():
    """The ufunc of a table has a name that contains the table."""
    from gelu_fast.quantized import _containers

    for table, shape in [(TABLE, ()), (np.stack([TABLE, TABLE[::-1]]).view(np.uint8), (2, 1))]:
        used = []

        class Spy(np.ndarray):
            def __array_ufunc__(self, ufunc, method, *inputs, used=used):
                used.append(ufunc)
                plain = [np.asarray(x) for x in inputs]
                return ufunc(*plain)

        x = X.astype(np.int8)
        want = lookup(table, x.view(Spy), axis=0 if shape else None)
        np.testing.assert_array_equal(want, lookup(table, x, axis=0 if shape else None))
        data = pickle.dumps(used[0])
        assert pickle.loads(data) is used[0]
        _containers.named.cache_clear()  # as in another process
        again = pickle.loads(data)
        channels = [np.arange(2).reshape(shape)] if shape else []
        np.testing.assert_array_equal(again(*channels, x), want)
    for name in ("nothing", "lookup(", "lookup(int8, 1, 00)", "lookup(int8, 1, zz)"):
        with pytest.raises(AttributeError):
            getattr(_containers, name)


ELEMENTWISE = [name for name in CALLS if not is_halved(name) and "gelu_stoch" not in name]


@pytest.mark.parametrize("name", [n for n in ELEMENTWISE if not n.startswith("lookup")])
def test_polars_expression(name):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"x": X[0]})
    got = frame.select(CALLS[name](polars.col("x"))).to_series()
    assert_same_bits(got.to_numpy(), CALLS[name](X[0]))


@calls
def test_out_in_a_tuple(name):
    x, _ = numbers(name)
    want = CALLS[name](x)
    out = np.empty_like(want)
    assert CALLS[name](x, out=(out,)) is out
    assert_same_bits(out, want)


@calls
def test_masked_out(name):
    x, missing = numbers(name)
    out = np.ma.zeros(CALLS[name](x).shape, CALLS[name](x).dtype)
    assert CALLS[name](np.ma.array(x, mask=MISSING), out=out) is out
    np.testing.assert_array_equal(np.ma.getmaskarray(out), missing)


@pytest.mark.parametrize(
    "name", [name for name in CALLS if "_stochastic" in name or is_halved(name)]
)
def test_no_shape(name):
    """An array without a shape is refused, where a function needs the shape."""

    class Shapeless:
        def __array_ufunc__(self, *arguments, **keywords):
            return "called"

    if "expected" in name:
        assert CALLS[name](Shapeless()) == "called"
    else:
        with pytest.raises(TypeError, match=r"(x|input) must have a shape; got Shapeless"):
            CALLS[name](Shapeless())


def test_no_shape_for_channels():
    xarray = pytest.importorskip("xarray")
    dataset = xarray.Dataset({"x": ("c", X[0].astype(np.int8))})
    assert isinstance(CALLS["lookup"](dataset), xarray.Dataset)
    with pytest.raises(TypeError, match="x must have a shape; got Dataset"):
        CALLS["lookup, channels"](dataset)


def test_stochastic_out_of_polars():
    """polars takes no out; nothing is drawn."""
    polars = pytest.importorskip("polars")
    series, rng = polars.Series([1.0, 2.0]), draws()
    with pytest.raises(TypeError, match="out must be None for an array of polars; got Series"):
        gelu_fast.gelu_stochastic(series, rng, out=series)
    assert rng.random() == draws().random()


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_axis_of_labels(axis):
    """Both halves have the labels of the gate on each axis."""
    pandas, xarray = (pytest.importorskip(name) for name in ("pandas", "xarray"))
    x = np.arange(16.0).reshape(4, 4) - 7
    want = gelu_fast.swiglu_packed(x, axis)
    frame = pandas.DataFrame(x, index=list("abcd"), columns=list("wxyz"))
    assert_same_bits(gelu_fast.swiglu_packed(frame, axis).to_numpy(), want)
    labelled = xarray.DataArray(x, dims=("r", "c"), coords={"r": list("abcd"), "c": list("wxyz")})
    assert_same_bits(gelu_fast.swiglu_packed(labelled, axis).values, want)


# ---- The ufuncs behind functions with parameters


@pytest.mark.parametrize(
    "parameters",
    [
        ("celu", 0.5),
        ("softplus", 2.0, 20.0),
        ("leaky_relu", -0.0),
        ("elu", np.inf),
        ("logsigmoid",),
    ],
)
def test_pickle(parameters):
    from gelu_fast._expressions import ufuncs

    ufunc = ufuncs.bound(*parameters)
    assert ufuncs.bound(*parameters) is ufunc
    data = pickle.dumps(ufunc)
    assert pickle.loads(data) is ufunc
    ufuncs.named.cache_clear()  # as in another process
    assert_same_bits(pickle.loads(data)(X), ufunc(X))


@pytest.mark.parametrize(
    "name",
    ["nothing", "celu", "celu(x)", "celu(x, one)", "celu(x, 1, 2)", "stochastic(x)", "usual"],
)
def test_no_such_ufunc(name):
    from gelu_fast._expressions import ufuncs

    with pytest.raises(AttributeError):
        getattr(ufuncs, name)


def test_bound_parameters_differ():
    """Parameters that compare equal but have other bits are others."""
    assert_same_bits(F.leaky_relu(np.array([-1.0]), -0.0), np.array([0.0]))
    assert_same_bits(F.leaky_relu(np.array([-1.0]), 0.0), np.array([-0.0]))
