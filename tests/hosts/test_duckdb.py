"""gelu_fast.duckdb in real databases: the bits of the ufuncs for every function, and NULLs, for
vectors of every kind that DuckDB makes."""

import ctypes
from pathlib import Path

import numpy as np
import pytest
from support import ROOT
from support.bits import assert_same_bits, inputs
from support.hosts import run_python
from support.table import KINDS, NAMES, ROW

import gelu_fast
import gelu_fast.duckdb as gf

duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")

TYPES = {"float32": "FLOAT", "float64": "DOUBLE"}
VECTOR = 2048  # the rows that DuckDB computes at once


def connect(path=":memory:", **config):
    return duckdb.connect(path, config={"allow_unsigned_extensions": "true", **config})


@pytest.fixture(scope="module")
def loaded():
    with connect() as connection:
        gf.load(connection)
        yield connection


@pytest.fixture
def database(loaded):
    with loaded.cursor() as connection:
        yield connection


def table(connection, **operands):
    """Makes the table `t` of arrays, with the column `i` for the numbers of rows. Masked elements
    are NULL. DuckDB reads NaNs of NumPy as NULL, so these are added here."""
    columns, chosen = {"i": np.arange(len(next(iter(operands.values()))))}, ["i"]
    for name, values in operands.items():
        null = np.ma.getmaskarray(values)
        values = np.ma.getdata(values)
        columns |= {name: values, f"{name}_null": null, f"{name}_nan": np.isnan(values)}
        chosen.append(
            f"CASE WHEN {name}_null THEN NULL WHEN {name}_nan THEN 'nan' ELSE {name} END AS {name}"
        )
    connection.execute(f"CREATE OR REPLACE TABLE t AS SELECT {', '.join(chosen)} FROM columns")


def operands_of(name, dtype, n):
    """Inputs of every kind; SQL has one NaN."""
    operands = inputs(ROW[name, dtype], n)
    for values in operands:
        values[np.isnan(values)] = np.nan
    return operands


def column(connection, expression, rest="FROM t"):
    """The results as a masked array, or a list of these for a STRUCT."""
    result = connection.sql(f"SELECT {expression} AS y {rest}")
    if result.types[0].id == "struct":
        names = [name for name, _ in result.types[0].children]
        result = connection.sql(
            f"SELECT {', '.join(f'y.{name}' for name in names)}, y IS NULL AS missing FROM result"
        )
        *found, missing = result.fetchnumpy().values()
        for values in found:
            np.testing.assert_array_equal(np.ma.getmaskarray(values), missing)
        return [np.ma.asarray(values) for values in found]
    return np.ma.asarray(result.fetchnumpy()["y"])


def wanted(name, *operands):
    with np.errstate(all="ignore"):
        return getattr(gelu_fast, name)(*operands)


def check(got, want):
    """The same bits, and NULLs at the same places."""
    pairs = zip(got, want, strict=True) if isinstance(got, list) else [(got, want)]
    for a, b in pairs:
        nothing = np.ma.getmaskarray(b)
        np.testing.assert_array_equal(np.ma.getmaskarray(a), nothing)
        assert_same_bits(np.ma.getdata(a)[~nothing], np.ma.getdata(b)[~nothing])


def masked(operands, share, seed=0):
    """The operands, with NULLs; some vectors of DuckDB have none, and one has only NULLs."""
    rng = np.random.default_rng(seed)
    result = []
    for values in operands:
        mask = rng.random(values.size) < share
        mask[VECTOR : 2 * VECTOR] = False
        mask[3 * VECTOR : 4 * VECTOR] = True
        result.append(np.ma.array(values, mask=mask))
    return result


def call(name, operands="abc"):
    return f"{name}({', '.join(operands[: getattr(gelu_fast, name.split('fast_')[-1]).nin])})"


# ---- Every function


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_function(name, dtype, database):
    operands = operands_of(name, dtype, 3000)
    table(database, **dict(zip("abc", operands, strict=False)))
    want = wanted(name, *operands)
    check(column(database, call(f"gelu_fast_{name}")), want)
    if name != "tanh":  # DuckDB's own
        check(column(database, call(name)), want)


def test_every_instruction_set(isa, database):
    [x] = operands_of("gelu", "float32", 3000)
    table(database, a=x)
    check(column(database, "gelu(a)"), wanted("gelu", x))


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", KINDS)
def test_nulls(name, dtype, database):
    operands = masked(operands_of(name, dtype, 5 * VECTOR), 0.1)
    table(database, **dict(zip("abc", operands, strict=False)))
    check(column(database, call(name)), wanted(name, *operands))


def test_nulls_in_one_operand(database):
    [x] = masked([np.linspace(-3, 3, 5 * VECTOR)], 0.5)
    table(database, a=x, b=x.data)
    for operands in ("ab", "ba"):
        values = [{"a": x, "b": x.data}[name] for name in operands]
        check(column(database, call("swish", operands)), wanted("swish", *values))


# ---- Vectors


@pytest.mark.parametrize(
    "rest",
    [
        "FROM t WHERE i % 3 = 0",
        "FROM t WHERE a > 1e-3",
        "FROM t ORDER BY hash(i) LIMIT 1000",
        "FROM t JOIN (SELECT UNNEST([7, 5000, 7, 20]) AS k) s ON t.i = s.k",
        "FROM t WHERE i < 0",
        "FROM t POSITIONAL JOIN (SELECT UNNEST([1, 2, 3]))",
        "FROM t LIMIT 1",
    ],
)
@pytest.mark.parametrize("name", ["gelu", "geglu_backward"])
def test_selections(name, rest, database):
    operands = masked(operands_of(name, "float32", 5 * VECTOR), 0.1)
    table(database, **dict(zip("abc", operands, strict=False)))
    database.execute(f"CREATE OR REPLACE TABLE chosen AS SELECT i, {call(name)} AS y {rest}")
    [rows] = database.sql("SELECT i FROM chosen").fetchnumpy().values()
    want = wanted(name, *(values[rows] for values in operands))
    check(column(database, "y", "FROM chosen"), want)


def test_branches(database):
    [x] = masked([np.linspace(-3, 3, 5 * VECTOR)], 0.1)
    table(database, a=x)
    got = column(database, "CASE WHEN i % 2 = 0 THEN gelu(a) ELSE silu(gelu(a)) END")
    odd = np.arange(x.size) % 2 == 1
    gelu = wanted("gelu", x)
    check(got, np.ma.where(odd, wanted("silu", gelu), gelu))


@pytest.mark.parametrize("optimizer", ["enabled", "disabled"])
def test_constants(optimizer, database):
    """Without its optimizer DuckDB computes expressions of constants once for each vector."""
    if optimizer == "disabled":
        database.execute("PRAGMA disable_optimizer")
    x = np.linspace(-3, 3, 5000, dtype=np.float32)
    table(database, a=x)
    check(column(database, "swish(a, 1.5)"), wanted("swish", x, np.float32(1.5)))
    check(column(database, "swish(1.5, a)"), wanted("swish", np.float32(1.5), x))
    check(column(database, "swish(a, NULL)"), np.ma.masked_all_like(x))
    check(column(database, "gelu(2.0::FLOAT)"), np.full(5000, wanted("gelu", np.float32(2))))
    check(column(database, "gelu(NULL::FLOAT)"), np.ma.masked_all_like(x))
    check(column(database, "gelu(2.0)", ""), wanted("gelu", np.array([2.0])))
    got = column(database, "geglu_backward(1.0::FLOAT, a, 2.0)")
    check(got, wanted("geglu_backward", np.float32(1), x, np.float32(2)))


@pytest.mark.parametrize("compression", ["uncompressed", "rle", "alp", "alprd", "auto"])
def test_compressed_columns(compression, tmp_path):
    """Storage gives constant and dictionary vectors."""
    x = np.repeat(np.linspace(-3, 3, 11, dtype=np.float32), 3 * VECTOR)
    with connect(tmp_path / "t.db", force_compression=compression) as connection:
        table(connection, a=x)
    with connect(tmp_path / "t.db") as connection:
        gf.load(connection)
        check(column(connection, "gelu(a)"), wanted("gelu", x))


def test_no_rows(database):
    table(database, a=np.empty(0, np.float32))
    check(column(database, "gelu(a)"), np.empty(0, np.float32))
    assert database.sql("SELECT sum(gelu(a)) FROM t").fetchall() == [(None,)]


# ---- Threads


@pytest.mark.parametrize("threads", [1, 4])
def test_threads(threads, database):
    """DuckDB computes parts of a large table in several threads."""
    [x] = masked(operands_of("gelu", "float32", 3_000_000), 0.1)
    table(database, a=x)
    database.execute(f"SET threads = {threads}")
    check(column(database, "gelu(a)"), wanted("gelu", x))
    database.execute("RESET threads")


# ---- Types

CALLS = {
    "gelu(1)": "DOUBLE",
    "gelu(1::TINYINT)": "DOUBLE",
    "gelu(1::UBIGINT)": "DOUBLE",
    "gelu(1::HUGEINT)": "DOUBLE",
    "gelu(1.5)": "DOUBLE",  # a DECIMAL
    "gelu(1.5::DECIMAL(38, 10))": "DOUBLE",
    "gelu(1.5e0)": "DOUBLE",
    "gelu(1.5::FLOAT)": "FLOAT",
    "gelu(NULL)": "DOUBLE",
    "gelu('-inf'::FLOAT)": "FLOAT",
    "gelu('nan'::DOUBLE)": "DOUBLE",
    "relu_squared(1e30::FLOAT)": "FLOAT",
    "swish(1.5::FLOAT, 2)": "FLOAT",
    "swish(1.5::FLOAT, 2.5)": "FLOAT",
    "swish(1.5::FLOAT, NULL)": "FLOAT",
    "swish(1.5::FLOAT, 2.5::DOUBLE)": "DOUBLE",
    "geglu_backward(1.0, 2.0, 3.0)": "STRUCT(dgate DOUBLE, dup DOUBLE)",
    "geglu_backward(1::FLOAT, 2.0, 3.0)": "STRUCT(dgate FLOAT, dup FLOAT)",
}


@pytest.mark.parametrize("expression", CALLS)
def test_types(expression, database):
    [(kind,)] = database.sql(f"SELECT typeof({expression})").fetchall()
    assert kind == CALLS[expression]


def test_values(database):
    """Infinities, NaN and overflow are no errors, and signs of zeros stay."""
    cases = {
        "gelu('-inf'::FLOAT)": -0.0,
        "gelu('inf'::DOUBLE)": np.inf,
        "gelu('nan'::FLOAT)": np.nan,
        "relu_squared(1e30::FLOAT)": np.inf,
        "gelu(1)": gelu_fast.gelu(1.0),
        "gelu(1.5)": gelu_fast.gelu(1.5),
    }
    got = database.execute(f"SELECT {', '.join(cases)}").fetchone()
    assert list(map(repr, got)) == [repr(float(value)) for value in cases.values()]
    nulls = database.execute("SELECT gelu(NULL), geglu_backward(1, NULL, 2)")
    assert nulls.fetchone() == (None, None)


@pytest.mark.parametrize(
    "expression", ["gelu('abc')", "gelu(true)", "gelu()", "gelu(1, 2)", "swish(1)", "gelu([1.0])"]
)
def test_operands_are_refused(expression, database):
    with pytest.raises(duckdb.BinderException, match=r"gelu|swish"):
        database.sql(f"SELECT {expression}")


def test_prepared_statements(database):
    for value in (1.5, 2, None):
        want = None if value is None else gelu_fast.gelu(float(value))
        assert database.execute("SELECT gelu(?)", [value]).fetchall() == [(want,)]
    database.execute("PREPARE p AS SELECT gelu($1::FLOAT), swish($2, $3)")
    got = database.execute("EXECUTE p(1.5, 2.5, 3)").fetchone()
    assert got == (gelu_fast.gelu(np.float32(1.5)), gelu_fast.swish(2.5, 3.0))


# ---- Names


def test_own_functions_of_duckdb_stay():
    query = "SELECT tanh(0.5::FLOAT), typeof(tanh(0.5::FLOAT))"
    with connect() as connection:
        before = connection.sql(query).fetchall()
        overloads = "SELECT count(*) FROM duckdb_functions() WHERE function_name = 'tanh'"
        count = connection.sql(overloads).fetchall()
        gf.load(connection)
        assert connection.sql(query).fetchall() == before
        assert connection.sql(overloads).fetchall() == count


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_functions_of_the_user_stay():
    with connect() as connection:
        connection.create_function("gelu", lambda x: 2 * x, ["DOUBLE"], "DOUBLE")
        connection.execute("CREATE MACRO silu(x) AS x + 100")
        gf.load(connection)
        got = connection.execute("SELECT gelu(1), gelu_fast_gelu(1), silu(1), gelu_fast_silu(1)")
        assert got.fetchone() == (2, gelu_fast.gelu(1.0), 101, gelu_fast.silu(1.0))


# ---- Loading


def test_load_twice_and_in_several_databases():
    with connect() as first, connect() as second:
        for connection in (first, first, first.cursor(), second):
            gf.load(connection)
            assert connection.sql("SELECT gelu(0.0)").fetchall() == [(0.0,)]
        first.close()
        assert second.sql("SELECT gelu(0.0)").fetchall() == [(0.0,)]


def test_a_pending_result_and_a_transaction_stay():
    """An open transaction sees the functions when it has ended."""
    with connect() as connection:
        connection.begin().execute("CREATE TABLE u AS SELECT 1")
        connection.execute("SELECT * FROM range(10000)")
        assert connection.fetchone() == (0,)
        gf.load(connection)
        assert connection.fetchone() == (1,)
        with pytest.raises(duckdb.CatalogException):
            connection.execute("SELECT gelu(0.0)")
        connection.rollback()
        assert connection.execute("SELECT gelu(0.0)").fetchall() == [(0.0,)]
        with pytest.raises(duckdb.CatalogException):
            connection.execute("FROM u")


def test_unsigned_extensions_are_not_allowed():
    with duckdb.connect() as connection:
        with pytest.raises(ValueError, match="does not allow unsigned extensions: open it with"):
            gf.load(connection)
        assert connection.sql("SELECT 1").fetchall() == [(1,)]


def test_other_errors_are_those_of_duckdb():
    with connect(enable_external_access="false") as connection, pytest.raises(duckdb.Error):
        gf.load(connection)


@pytest.mark.parametrize("connection", [None, "t.db", duckdb])
def test_connection_is_refused(connection):
    with pytest.raises(TypeError, match=r"connection must be a duckdb.DuckDBPyConnection, not \w+"):
        gf.load(connection)


def test_path_with_a_quote(tmp_path):
    """The extension finds the library in a folder that was moved."""
    package = Path(gelu_fast.__file__).parent
    moved = tmp_path / "it's here" / "gelu_fast"
    moved.parent.mkdir()
    moved.symlink_to(package, target_is_directory=True)
    program = f"""if True:
        import sys; sys.path.insert(0, {str(moved.parent)!r})
        import duckdb, gelu_fast.duckdb
        gelu_fast.duckdb._load.EXTENSION = {str(moved / "duckdb" / Path(gf.get_extension()).name)!r}
        connection = duckdb.connect(config={{"allow_unsigned_extensions": "true"}})
        gelu_fast.duckdb.load(connection)
        print(connection.sql("SELECT gelu(0.0)").fetchall())
    """
    assert run_python(program).split() == ["[(0.0,)]"]


def test_without_gelu_fast(tmp_path):
    """DuckDB's other programs load the file alone; it finds the C library."""
    program = f"""if True:
        import sys, duckdb
        connection = duckdb.connect(config={{"allow_unsigned_extensions": "true"}})
        connection.execute("LOAD '{gf.get_extension()}'")
        print(connection.sql("SELECT gelu(0.0)").fetchall(), "gelu_fast" in sys.modules)
    """
    assert run_python(program).split() == ["[(0.0,)]", "False"]


# ---- The file

FIELDS = ["4", "", "v1.2.0", gelu_fast.__version__, "C_STRUCT", "", "", ""]


def test_footer(database):
    end = Path(gf.get_extension()).read_bytes()[-512:]
    fields = [end[32 * i : 32 * i + 32].rstrip(b"\0").decode() for i in range(8)][::-1]
    [(platform,)] = database.sql("PRAGMA platform").fetchall()
    assert fields == [FIELDS[0], platform, *FIELDS[2:]]
    assert end[256:] == bytes(256)


@pytest.mark.parametrize(
    ("target", "platform"),
    [
        ("x86_64-linux-gnu", "linux_amd64"),
        ("x86_64-redhat-linux", "linux_amd64"),
        ("aarch64-unknown-linux-gnu", "linux_arm64"),
        ("aarch64-alpine-linux-musl", "linux_arm64_musl"),
        ("arm64-apple-darwin23.1.0", "osx_arm64"),
        ("x86_64-apple-darwin23.1.0", "osx_amd64"),
        ("x86_64-w64-mingw32", "windows_amd64"),
        ("x86_64-w64-windows-gnu", "windows_amd64"),
        ("x86_64-unknown-freebsd14.0", "freebsd_amd64"),
    ],
)
def test_platform(target, platform, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "src" / "gelu_c")
    import duckdb_extension

    assert duckdb_extension.platform(target) == platform


# ---- Interfaces that the extension refuses

POSITIONS = 400
CREATE_TYPE, TYPE_NUMBER, DESTROY_TYPE = 156, 166, 184
SetError = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)
Database = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
Table = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)
CreateType = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_int)
TypeNumber = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
DestroyType = ctypes.CFUNCTYPE(None, ctypes.POINTER(ctypes.c_void_p))


def load_with(functions):
    """Loads the extension with a table of functions. Returns (asked version, errors)."""
    versions, errors = [], []
    pointers = None
    if functions is not None:
        cast = [ctypes.cast(f, ctypes.c_void_p) if callable(f) else f for f in functions]
        pointers = ctypes.cast((ctypes.c_void_p * POSITIONS)(*cast), ctypes.c_void_p).value
    handle = ctypes.c_void_p(1)
    database = ctypes.cast(ctypes.pointer(handle), ctypes.c_void_p).value
    access = [
        SetError(lambda _, text: errors.append(text.decode())),
        Database(lambda _: database),
        Table(lambda _, version: versions.append(version.decode()) or pointers),
    ]
    library = ctypes.CDLL(gf.get_extension())
    entry = library.gelu_fast_init_c_api
    entry.restype = ctypes.c_bool
    in_c = (ctypes.c_void_p * 3)(*(ctypes.cast(f, ctypes.c_void_p) for f in access))
    assert entry(ctypes.c_void_p(1), ctypes.byref(in_c)) is False
    return versions, errors


def stand_ins(number):
    """A table whose functions know one type, of this number."""
    functions = [1] * POSITIONS

    def destroy(pointer):
        pointer[0] = None

    functions[CREATE_TYPE] = CreateType(lambda _: 1)
    functions[TYPE_NUMBER] = TypeNumber(lambda _: number)
    functions[DESTROY_TYPE] = DestroyType(destroy)
    return functions


NOT_AS_DOCUMENTED = "gelu_fast is not loaded: the C interface v1.2.0 of this DuckDB is not as"


def test_no_interface():
    """DuckDB itself says then that it lacks the version."""
    assert load_with(None) == (["v1.2.0"], [])


def test_missing_functions():
    for position in (3, 225):
        functions = stand_ins(11)
        functions[position] = None
        [error] = load_with(functions)[1]
        assert error.startswith(NOT_AS_DOCUMENTED)


def test_other_functions():
    [error] = load_with(stand_ins(10))[1]
    assert error.startswith(NOT_AS_DOCUMENTED)


def test_two_libraries_in_one_process(database):
    [error] = load_with(stand_ins(11))[1]
    assert error.endswith("another DuckDB library of this process has loaded this file")
    assert database.sql("SELECT gelu(0.0)").fetchall() == [(0.0,)]
