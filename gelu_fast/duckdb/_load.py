"""Loads the extension into a database of DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXTENSION = Path(__file__).resolve().with_name("gelu_fast.duckdb_extension")


def get_extension() -> str:
    """The path of the extension, for `LOAD` in DuckDB's command line and in other languages.

    DuckDB 1.3 and later loads it, on the kind of platform that gelu_fast was built on. The database
    must allow unsigned extensions. The extension finds the C library of gelu_fast beside its own
    folder, so a copy of the file alone does not work.

    Returns
    -------
    str
        The path of a file in the installed package.

    Examples
    --------
    >>> import gelu_fast.duckdb
    >>> gelu_fast.duckdb.get_extension().endswith("gelu_fast.duckdb_extension")
    True
    """
    return str(EXTENSION)


def load(connection: DuckDBPyConnection) -> None:
    """Adds the functions to the database of a connection, for all its connections until it closes.

    SQL then has every function of the table on FLOAT and DOUBLE under two names: `gelu_fast_gelu`,
    and `gelu` unless the database has a function of this name already. `tanh` stays DuckDB's own.
    A second call for the same database changes nothing.

    The result has the type of the operands and the bits of the ufunc; it is NULL where an operand
    is NULL. Infinities, NaN and overflow are values, never errors. FLOAT beside DOUBLE is converted
    to DOUBLE. Integers and decimals are converted to FLOAT beside a FLOAT, else to DOUBLE. Strings
    and booleans need a cast. DuckDB has no half precision. A function with two outputs returns a
    STRUCT whose members have the names of the outputs.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A connection to a database that was opened with
        `config={"allow_unsigned_extensions": "true"}`. Its pending result and an open transaction
        stay as they are; the transaction does not see the functions before it ends.

    Raises
    ------
    ImportError
        duckdb is not installed.
    TypeError
        `connection` is something else.
    ValueError
        The database does not allow unsigned extensions.
    duckdb.Error
        DuckDB refuses the extension for another reason, such as its version.

    Examples
    --------
    >>> import duckdb
    >>> import gelu_fast.duckdb
    >>> connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    >>> gelu_fast.duckdb.load(connection)
    >>> connection.sql("SELECT round(swish(1.0, 1.5), 6)").fetchall()
    [(0.817574,)]
    >>> connection.sql("SELECT geglu_backward(1.0, 0.0, 3.0)").fetchall()
    [({'dgate': 1.5, 'dup': 0.0},)]
    """
    try:
        from duckdb import DuckDBPyConnection
    except ImportError as error:
        raise ImportError(
            "gelu_fast.duckdb.load needs duckdb, which `pip install 'gelu_fast[duckdb]'` "
            f"installs: {error}",
            name="duckdb",
        ) from error
    if not isinstance(connection, DuckDBPyConnection):
        raise TypeError(
            "gelu_fast.duckdb.load: connection must be a duckdb.DuckDBPyConnection, not "
            f"{type(connection).__name__}"
        )
    with connection.cursor() as cursor:  # so that the pending result of `connection` stays
        setting = cursor.execute("SELECT current_setting('allow_unsigned_extensions')").fetchone()
        if setting != (True,):
            raise ValueError(
                "gelu_fast.duckdb.load: the database of connection does not allow unsigned "
                "extensions: open it with "
                "duckdb.connect(config={'allow_unsigned_extensions': 'true'})"
            )
        path = str(EXTENSION).replace("'", "''")
        cursor.execute(f"LOAD '{path}'")
