"""gelu-fast apply on files of other libraries: what these libraries read in the output has the bits
of the ufunc, and everything else is kept."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from support import ROOT
from support.hosts import run

import gelu_fast
from gelu_fast._cli.command import main
from gelu_fast._files.apply import apply_file
from gelu_fast._files.errors import Refused

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
safetensors_numpy = pytest.importorskip("safetensors.numpy", reason="safetensors is not installed")
zarr = pytest.importorskip("zarr", reason="zarr is not installed")

import pyarrow.parquet as pq  # noqa: E402
from safetensors import safe_open  # noqa: E402

from gelu_fast._files import columns  # noqa: E402
from gelu_fast._files.formats import arrow as arrow_files  # noqa: E402
from gelu_fast._files.formats import parquet as parquet_files  # noqa: E402

RANDOM = np.random.default_rng(8)
N = 3000
COMMAND = [sys.executable, "-m", "gelu_fast", "apply"]
X = RANDOM.normal(0, 4, N)
MISSING = RANDOM.random(N) < 0.2


def same_bits(got, expected):
    assert got.dtype == expected.dtype
    assert got.shape == expected.shape
    assert got.tobytes() == expected.tobytes()


def table():
    """Columns of all kinds, with metadata."""
    lists = pa.ListArray.from_arrays(np.arange(0, N + 1, 3, dtype=np.int32), X.astype("f4"))
    fields = {
        "half": pa.array(X.astype("f2"), mask=MISSING),
        "x": pa.array(X.astype("f4"), mask=MISSING),
        "double": pa.array(X),
        "i": pa.array(np.arange(N)),
        "text": pa.array([f"row {i % 70}" for i in range(N)], mask=MISSING),
        "kind": pa.array([f"kind {i % 7}" for i in range(N)]).dictionary_encode(),
        "list": pa.array(lists.to_pylist() * 3, lists.type)[:N],
        "point": pa.array([{"u": 1.5, "v": None}] * N),
        "time": pa.array(np.arange(N), pa.timestamp("us", "UTC")),
        "decimal": pa.array(range(N), pa.int64()).cast(pa.decimal128(30, 2)),
        "empty": pa.nulls(N, pa.float32()),
    }
    made = pa.table(fields)
    described = [field.with_metadata({"unit": f"of {field.name}"}) for field in made.schema]
    described[1] = described[1].with_nullable(True)
    described[2] = described[2].with_nullable(False)
    return pa.table(made.columns, schema=pa.schema(described, {"origin": "a test"}))


def assert_applied(got, before, names, function=gelu_fast.gelu):
    """Compares with NumPy, column by column."""
    assert got.schema.names == before.schema.names
    got.validate(full=True)
    for name in before.schema.names:
        new, old = got[name].combine_chunks(), before[name].combine_chunks()
        assert got.schema.field(name).metadata == before.schema.field(name).metadata
        if name not in names:
            assert new.equals(old)
            continue
        assert new.is_null().equals(old.is_null())
        while not pa.types.is_floating(old.type) and not pa.types.is_integer(old.type):
            assert new.value_lengths().equals(old.value_lengths())
            new, old = new.flatten(), old.flatten()
        valid = old.drop_null().to_numpy(zero_copy_only=False)
        same_bits(new.drop_null().to_numpy(zero_copy_only=False), function(valid))


FLOATS = ["half", "x", "double", "list", "empty"]


# ---- Parquet


@pytest.mark.parametrize("group", [None, 700, 1])
@pytest.mark.parametrize("batch", [64, 1 << 16])
def test_parquet(folder, monkeypatch, group, batch):
    monkeypatch.setattr(parquet_files, "BATCH_ROWS", batch)
    before = table()
    before = before if group != 1 else before.slice(0, 20)
    pq.write_table(before, "in.parquet", row_group_size=group)
    assert main(["apply", "in.parquet", "out.parquet", "--function", "gelu"]) == 0
    assert_applied(pq.read_table("out.parquet"), pq.read_table("in.parquet"), FLOATS)
    old, new = pq.ParquetFile("in.parquet"), pq.ParquetFile("out.parquet")
    assert new.schema_arrow.equals(old.schema_arrow, check_metadata=True)
    assert new.schema.equals(old.schema)
    rows = [
        [one.metadata.row_group(i).num_rows for i in range(one.num_row_groups)]
        for one in (old, new)
    ]
    assert rows[0] == rows[1]


def test_large_row_groups_are_split(folder, monkeypatch):
    for name in ("GROUP_BYTES", "BATCH_BYTES", "COLUMN_BYTES"):
        monkeypatch.setattr(parquet_files, name, 1 << 10)
    pq.write_table(table(), "in.parquet")
    apply_file("in.parquet", "out.parquet", "gelu")
    new = pq.ParquetFile("out.parquet")
    assert new.num_row_groups > 2
    assert_applied(new.read(), pq.read_table("in.parquet"), FLOATS)


LAYOUTS = {
    "zstd": {"compression": "zstd", "write_page_index": True},
    "none": {"compression": "none", "use_dictionary": False, "write_statistics": False},
    "mixed": {
        "compression": {"x": "gzip", "i": "snappy", "text": "brotli"},
        "use_dictionary": ["text"],
        "column_encoding": {"x": "BYTE_STREAM_SPLIT", "i": "DELTA_BINARY_PACKED"},
        "write_statistics": ["i"],
    },
    "old": {"version": "1.0", "use_deprecated_int96_timestamps": True},
    "no schema of Arrow": {"store_schema": False, "use_compliant_nested_type": False},
    "v2": {"data_page_version": "2.0", "compression": "lz4"},
}


@pytest.mark.parametrize("options", LAYOUTS.values(), ids=LAYOUTS)
def test_layout_of_parquet_is_kept(folder, options):
    wide = table().select(["x", "i", "text", "list", "time"])
    few = pa.array(np.arange(N) % 50)  # so that dictionaries pay
    wide = wide.set_column(0, "x", pa.array(np.round(X), pa.float32(), mask=MISSING))
    wide = wide.set_column(1, "i", few).set_column(4, "time", few.cast(pa.timestamp("us")))
    pq.write_table(wide, "in.parquet", **options)
    apply_file("in.parquet", "out.parquet", "gelu", names=["x", "list"])
    old, new = pq.ParquetFile("in.parquet"), pq.ParquetFile("out.parquet")
    assert_applied(new.read(), old.read(), ["x", "list"])
    assert new.schema_arrow.equals(old.schema_arrow, check_metadata=True)
    assert new.schema.equals(old.schema)
    assert new.metadata.format_version == old.metadata.format_version
    assert (new.metadata.metadata or {}).keys() == (old.metadata.metadata or {}).keys()
    for i in range(new.metadata.num_columns):
        a, b = (one.metadata.row_group(0).column(i) for one in (old, new))
        for what in ("path_in_schema", "compression", "is_stats_set", "has_offset_index"):
            assert getattr(a, what) == getattr(b, what), what
        if a.path_in_schema != "list.list.element":  # different numbers, for which it does not pay
            assert set(a.encodings) == set(b.encodings)


@pytest.mark.parametrize("name", ["element", "item", "array_element"])
def test_names_of_elements_are_kept(folder, name):
    lists = pa.array([[1.5], [], None], pa.list_(pa.field(name, pa.float32())))
    whole = pa.array([[1], [2, 3], []], pa.list_(pa.field(name, pa.int32())))
    both = pa.table({"lists": lists, "whole": whole})
    pq.write_table(both, "in.parquet", use_compliant_nested_type=False)
    apply_file("in.parquet", "out.parquet", "gelu")
    old, new = pq.ParquetFile("in.parquet"), pq.ParquetFile("out.parquet")
    assert old.schema.column(0).path == f"lists.list.{name}"
    assert new.schema.equals(old.schema)
    assert new.schema_arrow.equals(old.schema_arrow, check_metadata=True)


def test_a_dictionary_that_does_not_pay_is_not_written(folder):
    pq.write_table(table().select(["double", "i", "text"]), "in.parquet")
    apply_file("in.parquet", "out.parquet", "gelu")
    found = pq.ParquetFile("out.parquet").metadata.row_group(0)
    has = [found.column(i).has_dictionary_page for i in range(3)]
    assert has == [False, False, True]


def test_sorting_columns(folder):
    """A computed column is no longer sorted, and neither are those after it."""
    some = table().select(["i", "x", "double"])
    order = [pq.SortingColumn(0), pq.SortingColumn(1), pq.SortingColumn(2)]
    pq.write_table(some, "in.parquet", sorting_columns=order)
    apply_file("in.parquet", "out.parquet", "gelu", names=["x"])
    assert pq.ParquetFile("out.parquet").metadata.row_group(0).sorting_columns == (order[0],)


def test_integers_and_pandas(folder):
    """Integers that are chosen become floats, which the metadata of pandas says too."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame(
        {"a": pandas.array([1, None, 3], "Int64"), "b": pandas.array([1.5, None, -2.5], "Float32")},
        index=pandas.Index(["p", "q", "r"], name="key"),
    )
    frame.to_parquet("in.parquet")
    apply_file("in.parquet", "out.parquet", "gelu", names=["a", "b"])
    got = pandas.read_parquet("out.parquet")
    pandas.testing.assert_frame_equal(
        got, pandas.DataFrame({"a": gelu_fast.gelu(frame.a), "b": gelu_fast.gelu(frame.b)})
    )
    assert [str(dtype) for dtype in got.dtypes] == ["Float64", "Float32"]


@pytest.mark.parametrize("ending", [".parquet", ".arrow"])
def test_the_index_of_pandas_is_kept(folder, ending):
    """As in a call with the frame; a pattern can choose it."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    for index in (
        pandas.Index([0.5, 1.5], name="time"),
        pandas.MultiIndex.from_tuples([(0.5, "a"), (1.5, "b")]),
        pandas.RangeIndex(2),
    ):
        frame = pandas.DataFrame({"x": [1.0, -2.0], "i": [3, 4]}, index=index)
        whole = pa.Table.from_pandas(frame)
        for names, expected in (
            (None, frame.assign(x=gelu_fast.gelu(frame.x))),
            (["i"], frame.assign(i=gelu_fast.gelu(frame.i))),
        ):
            if ending == ".parquet":
                pq.write_table(whole, "in.parquet")
            else:
                with pa.ipc.new_file("in.arrow", whole.schema) as writer:
                    writer.write_table(whole)
            apply_file(f"in{ending}", f"out{ending}", "gelu", names=names, force=True)
            got = load_frame(f"out{ending}")
            pandas.testing.assert_frame_equal(got, expected, check_exact=True)
    frame = pandas.DataFrame({"i": [3]}, index=pandas.Index([0.5], name="time"))
    frame.to_parquet("in.parquet")
    apply_file("in.parquet", "out.parquet", "gelu", names=["time"], force=True)
    assert load_frame("out.parquet").index.tolist() == [gelu_fast.gelu(0.5)]


def load_frame(name):
    whole = pq.read_table(name) if name.endswith(".parquet") else pa.ipc.open_file(name).read_all()
    return whole.to_pandas()


def test_no_rows(folder):
    pq.write_table(table().slice(0, 0), "in.parquet")
    with pq.ParquetWriter("none.parquet", table().schema):
        pass  # no row group
    for name in ("in.parquet", "none.parquet"):
        apply_file(name, "out.parquet", "gelu", force=True)
        assert pq.read_table("out.parquet").equals(pq.read_table(name))
        schema = pq.read_schema("out.parquet")
        assert schema.equals(pq.read_schema(name), check_metadata=True)


def test_many_columns(folder):
    wide = pa.table({f"x{i}": pa.array([i - 500.0, None], pa.float32()) for i in range(1000)})
    pq.write_table(wide, "in.parquet")
    apply_file("in.parquet", "out.parquet", "gelu", names=["x1*", "x99?"])
    names = [name for name in wide.schema.names if name[:2] == "x1" or name[:-1] == "x99"]
    assert_applied(pq.read_table("out.parquet"), wide, names)


def test_encrypted(folder, refused):
    """A file whose columns are encrypted is refused, also where its footer is not."""
    encryption = pytest.importorskip("pyarrow.parquet.encryption", reason="no encryption")

    class Client(encryption.KmsClient):
        def wrap_key(self, key, name):
            return base64.b64encode(key)

        def unwrap_key(self, key, name):
            return base64.b64decode(key)

    factory = encryption.CryptoFactory(lambda _: Client())
    for plain in (True, False):
        configuration = encryption.EncryptionConfiguration(
            footer_key="f", column_keys={"c": ["x"]}, plaintext_footer=plain
        )
        found = factory.file_encryption_properties(encryption.KmsConnectionConfig(), configuration)
        some = table().select(["x", "i"])
        pq.write_table(some, "in.parquet", encryption_properties=found)
        assert "'in.parquet': not a Parquet file that can be read: " in refused(
            "in.parquet", "out.parquet"
        )


# ---- Arrow


def write_arrow(made, path, rows=None, kind="file", compression=None):
    options = pa.ipc.IpcWriteOptions(compression=compression)
    new = pa.ipc.new_file if kind == "file" else pa.ipc.new_stream
    with new(path, made.schema, options=options) as writer:
        for i, batch in enumerate(made.to_batches(max_chunksize=rows)):
            writer.write_batch(batch, {"number": str(i)})


def read_arrow(path, kind="file"):
    with pa.OSFile(path) as file:
        return (pa.ipc.open_file if kind == "file" else pa.ipc.open_stream)(file).read_all()


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
@pytest.mark.parametrize("kind", ["file", "stream"])
@pytest.mark.parametrize("rows", [None, 512])
@pytest.mark.parametrize("large", [1 << 10, 1 << 23])
def test_arrow(folder, monkeypatch, compression, kind, rows, large):
    monkeypatch.setattr(arrow_files, "LARGE", large)
    before = table()
    write_arrow(before, "in.arrow", rows, kind, compression)
    assert main(["apply", "in.arrow", "out.arrow", "--function", "gelu"]) == 0
    got = read_arrow("out.arrow", kind)
    assert_applied(got, before, FLOATS)
    assert got.schema.equals(before.schema, check_metadata=True)
    lengths = [len(chunk) for chunk in got["x"].chunks]
    assert lengths == [len(batch) for batch in before.to_batches(max_chunksize=rows)]
    with pa.OSFile("out.arrow") as file:
        if kind == "file":
            found = pa.ipc.open_file(file).get_batch_with_custom_metadata(0)[1]
        else:
            found = pa.ipc.open_stream(file).read_next_batch_with_custom_metadata()[1]
    assert dict(found) == {b"number": b"0"}
    # Compression is kept: other bytes would be.
    ratio = os.path.getsize("out.arrow") / os.path.getsize("in.arrow")
    assert 0.9 < ratio < 1.25
    frames = {"lz4": b"\x04\x22\x4d\x18", "zstd": b"\x28\xb5\x2f\xfd"}
    data = Path("out.arrow").read_bytes()
    assert {name for name, frame in frames.items() if data.count(frame) > 3} == {
        compression or "none"
    } - {"none"}


def test_large_batches_are_split(folder, monkeypatch):
    monkeypatch.setattr(columns, "PIECE_BYTES", 1 << 14)
    before = table()
    write_arrow(before, "in.feather")
    apply_file("in.feather", "out.feather", "gelu")
    got = read_arrow("out.feather")
    assert_applied(got, before, FLOATS)
    assert got["x"].num_chunks > 5


def test_arrow_without_rows(folder):
    for rows in (table().slice(0, 0), table().schema.empty_table()):
        write_arrow(rows, "in.arrow")
        apply_file("in.arrow", "out.arrow", "gelu", force=True)
        got = read_arrow("out.arrow")
        assert got.equals(rows)
        assert got.schema.equals(rows.schema, check_metadata=True)


def test_dictionaries_of_a_stream(folder):
    """A stream can have a new dictionary in each batch."""
    parts = [pa.array([f"{i}{j % 3}" for j in range(10)]).dictionary_encode() for i in range(3)]
    schema = pa.schema({"kind": parts[0].type, "x": pa.float32()})
    with pa.ipc.new_stream("in.arrow", schema) as writer:
        for part in parts:
            x = pa.array(X[:10], pa.float32())
            writer.write_batch(pa.record_batch([part, x], schema=schema))
    apply_file("in.arrow", "out.arrow", "gelu")
    got, before = read_arrow("out.arrow", "stream"), read_arrow("in.arrow", "stream")
    assert got["kind"].to_pylist() == before["kind"].to_pylist()
    same_bits(got["x"].to_numpy(), gelu_fast.gelu(before["x"].to_numpy()))


# ---- safetensors

TENSORS = {
    "layer.1.weight": X.astype("f4").reshape(30, -1),
    "layer.1.bias": X[:7].astype("f2"),
    "layer.2.weight": X.reshape(10, 1, -1),
    "brain": X[:11].astype("bfloat16"),
    "ids": np.arange(5),
    "bytes": np.arange(3, dtype=np.uint8),
    "scalar": np.array(-0.75, "f4"),
    "none": np.zeros((0, 4), "f4"),
}


def bits(path):
    """{name: (dtype, shape, bytes)} and the metadata, as the library reads them."""
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
    found = {}
    for name, one in safetensors_raw(path):
        found[name] = (one["dtype"], tuple(one["shape"]), bytes(one["data"]))
    return found, metadata


def safetensors_raw(path):
    from safetensors import deserialize

    return deserialize(Path(path).read_bytes())


def test_safetensors(folder):
    safetensors_numpy.save_file(TENSORS, "in.safetensors", {"format": "pt", "é": "ü"})
    assert main(["apply", "in.safetensors", "out.safetensors", "--function", "gelu"]) == 0
    got, metadata = bits("out.safetensors")
    before, old_metadata = bits("in.safetensors")
    assert metadata == old_metadata
    head = Path("in.safetensors").read_bytes().partition(b"}}")[0]
    assert Path("out.safetensors").read_bytes().startswith(head)
    for name, x in TENSORS.items():
        y = x if name in ("ids", "bytes") else np.asarray(gelu_fast.gelu(x))
        assert got[name] == (before[name][0], x.shape, y.tobytes())


@pytest.mark.parametrize("patterns", [["*"], ["ids", "layer.?.weight"], ["bytes,brain"]])
def test_safetensors_that_change_their_dtype(folder, patterns):
    safetensors_numpy.save_file(TENSORS, "in.safetensors", {"k": "v"})
    options = [part for pattern in patterns for part in ("--tensors", pattern)]
    paths = ["in.safetensors", "out.safetensors"]
    assert main(["apply", *paths, "--function", "sigmoid", *options]) == 0
    got, metadata = bits("out.safetensors")
    assert metadata == {"k": "v"}
    chosen = {
        "*": set(TENSORS),
        "ids": {"ids", "layer.1.weight", "layer.2.weight"},
        "bytes,brain": {"bytes", "brain"},
    }[patterns[0]]
    for name, x in TENSORS.items():
        y = np.asarray(gelu_fast.sigmoid(x)) if name in chosen else x
        assert got[name][1:] == (x.shape, y.tobytes())
    loaded = safetensors_numpy.load_file("out.safetensors")
    assert loaded["bytes"].dtype == ("f2" if "bytes" in chosen else "u1")


def test_safetensors_of_other_dtypes_are_copied(folder, refused):
    ml_dtypes = pytest.importorskip("ml_dtypes", reason="ml_dtypes is not installed")
    eight = np.array([1, 128, 255, 126], np.uint8)
    tensors = {"a": eight.view(ml_dtypes.float8_e4m3fn), "b": np.array([-1], "f4")}
    safetensors_numpy.save_file(tensors, "in.safetensors")
    apply_file("in.safetensors", "out.safetensors", "gelu")
    got, _ = bits("out.safetensors")
    assert got["a"] == ("F8_E4M3", (4,), eight.tobytes())
    assert got["b"][2] == np.asarray(gelu_fast.gelu(np.float32(-1))).tobytes()
    os.unlink("out.safetensors")
    line = refused("in.safetensors", "out.safetensors", "--tensors", "a")
    assert "'in.safetensors/a': gelu does not support dtype F8_E4M3" in line


# ---- Zarr


@pytest.fixture(params=[2, 3])
def store(folder, request):
    """A store of that version, and {name: array} of its arrays of floats."""
    version = request.param
    root = zarr.open_group("in.zarr", mode="w", zarr_format=version, attributes={"title": "t"})
    more = {"dimension_names": ["y", "x"]} if version == 3 else {}
    options = {"shape": (50, 60), "chunks": (20, 25), "attributes": {"unit": "m"}, **more}
    made = {
        "a": root.create_array("a", dtype="f4", **options),
        "deep/b": root.create_array("deep/b", dtype=">f8", **options, fill_value=np.nan),
        "deep/half": root.create_array(
            "deep/half", dtype="f2", shape=N, chunks=1000, compressors=None
        ),
        "scalar": root.create_array("scalar", dtype="f4", shape=()),
    }
    if version == 3:
        made["shards"] = root.create_array(
            "shards", dtype="f4", shape=(50, 60), chunks=(5, 6), shards=(25, 30)
        )
    made["a"][:] = X.reshape(50, 60)
    made["deep/b"][:30, :30] = X[:900].reshape(30, 30)  # other chunks are not stored
    made["deep/half"][:] = X
    made["scalar"][()] = -0.75
    if version == 3:
        made["shards"][:30] = X[:1800].reshape(30, 60)
    ids = root.create_array("ids", dtype="i4", shape=N, chunks=700)
    ids[:] = np.arange(N)
    return made


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


METADATA = ("zarr.json", ".zarray", ".zattrs", ".zgroup", ".zmetadata")


def test_zarr(store):
    assert main(["apply", "in.zarr", "out.zarr/", "--function", "gelu"]) == 0
    out = zarr.open_group("out.zarr", mode="r")
    for name, array in store.items():
        expected = np.asarray(gelu_fast.gelu(array[...].astype(array.dtype.newbyteorder("="))))
        same_bits(np.asarray(out[name][...]).astype(expected.dtype), expected)
        assert out[name].dtype == zarr.open_group("in.zarr", mode="r")[name].dtype
    old, new = files("in.zarr"), files("out.zarr")
    assert old.keys() == new.keys()
    for name in old:
        if name.startswith("ids/") or name.endswith(METADATA):
            assert new[name] == old[name]
    assert sorted(os.listdir()) == ["in.zarr", "out.zarr"]


@pytest.mark.parametrize("consolidated", [False, True])
@pytest.mark.filterwarnings("ignore:Consolidated metadata is currently not part")
def test_zarr_with_another_dtype_and_fill_value(store, consolidated):
    """sigmoid(0) is not 0: what is not stored is still read as its result."""
    if consolidated:
        zarr.consolidate_metadata("in.zarr")
    arguments = ["--function", "sigmoid", "--tensors", "ids,deep/*", "--tensors", "shard*"]
    names = {"ids", "deep/b", "deep/half", "shards"}
    if "shards" not in store:
        arguments = arguments[:-2]
    assert main(["apply", "in.zarr", "out.zarr", *arguments]) == 0
    old, out = (zarr.open_group(f"{which}.zarr", mode="r") for which in ("in", "out"))
    for name in [*store, "ids"]:
        array = old[name]
        x = np.asarray(array[...]).astype(array.dtype.newbyteorder("="))
        expected = np.asarray(gelu_fast.sigmoid(x)) if name in names else x
        same_bits(np.asarray(out[name][...]).astype(expected.dtype), expected)
        assert out[name].chunks == array.chunks
        assert out[name].shards == array.shards
        assert out[name].compressors == array.compressors
        assert dict(out[name].attrs) == dict(array.attrs)
        assert out[name].nchunks_initialized == array.nchunks_initialized
    assert out["ids"].dtype == "f8"
    assert (out.metadata.consolidated_metadata is None) == (not consolidated)


@pytest.mark.parametrize("version", [2, 3])
def test_zarr_of_one_array(folder, refused, version):
    array = zarr.create_array("in.zarr", shape=N, chunks=999, dtype="f4", zarr_format=version)
    array[:] = X
    apply_file("in.zarr", "out.zarr", "gelu")
    same_bits(zarr.open_array("out.zarr", mode="r")[:], gelu_fast.gelu(X.astype("f4")))
    line = refused("in.zarr", "new.zarr", "--tensors", "x")
    assert "'in.zarr': its only array has no name to choose" in line


def test_negative_zeros_in_chunks_are_stored(folder):
    """zarr leaves out chunks that equal the fill value, for which it takes -0.0 for 0.0."""
    array = zarr.create_array("in.zarr", shape=10, chunks=5, dtype="f4")
    array[:] = -100.0
    apply_file("in.zarr", "out.zarr", "gelu")
    same_bits(zarr.open_array("out.zarr", mode="r")[:], np.full(10, -0.0, "f4"))


def test_zarr_replaces_a_store_only(store, refused):
    Path("file.zarr").write_text("precious")
    os.makedirs("folder.zarr/precious")
    zarr.create_array("old.zarr", shape=1, dtype="f4")
    for name in ("file.zarr", "folder.zarr"):
        assert "exists and is not a store" in refused("in.zarr", name, "--force")
    assert "exists already; --force" in refused("in.zarr", "old.zarr")
    assert "is the same folder" in refused("in.zarr", "in.zarr", "--force")
    os.symlink("in.zarr", "link.zarr")
    assert "is the same folder" in refused("in.zarr", "link.zarr", "--force")
    assert "is inside the other" in refused("in.zarr", "in.zarr/out.zarr")
    assert "no such folder" in refused("in.zarr", "missing/out.zarr")
    os.chmod("old.zarr", 0o700)
    assert main(["apply", "in.zarr", "old.zarr", "--function", "gelu", "--force"]) == 0
    assert os.stat("old.zarr").st_mode & 0o777 == 0o700
    assert "a" in zarr.open_group("old.zarr", mode="r")
    assert not [name for name in os.listdir() if name.startswith(".")]


def test_zarr_leftovers(store):
    old, new = (f".gelu-fast-{digit * 16}.parts" for digit in "01")
    for name, age in {old: 1e6, new: 0}.items():
        os.makedirs(f"{name}/a")
        os.utime(name, (time.time() - age,) * 2)
    apply_file("in.zarr", "out.zarr", "gelu")
    assert sorted(os.listdir()) == [new, "in.zarr", "out.zarr"]


# ---- All formats


def make(ending, size=N):
    """Writes in.ENDING with float32 numbers in "x" and others in "i", and returns the numbers."""
    x = np.resize(X, size).astype("f4")
    path = f"in{ending}"
    rows = pa.table({"x": x, "i": np.arange(size, dtype="i4")})
    if ending == ".parquet":
        pq.write_table(rows, path, use_dictionary=False, row_group_size=1 << 20)
    elif ending == ".arrow":
        write_arrow(rows, path, 1 << 16)
    elif ending == ".safetensors":
        safetensors_numpy.save_file({"x": x, "i": np.arange(size, dtype="i4")}, path)
    else:
        root = zarr.open_group(path, mode="w")
        for name, one in {"x": x, "i": np.arange(size, dtype="i4")}.items():
            root.create_array(name, data=one, chunks=min(size, 1 << 18))
    return x


def load(ending):
    path = f"out{ending}"
    if ending == ".parquet":
        return pq.read_table(path)["x"].to_numpy()
    if ending == ".arrow":
        return read_arrow(path)["x"].to_numpy()
    if ending == ".safetensors":
        return safetensors_numpy.load_file(path)["x"]
    return zarr.open_group(path, mode="r")["x"][:]


ALL = [".parquet", ".arrow", ".safetensors", ".zarr"]
BARE = {
    ".parquet": "import pyarrow.parquet, gelu_fast.arrow",
    ".arrow": "import pyarrow, gelu_fast.arrow",
    ".safetensors": "import safetensors",
    ".zarr": "import zarr",
}


@pytest.mark.parametrize("ending", ALL)
def test_names_and_patterns(folder, refused, ending):
    make(ending)
    paths = [f"in{ending}", f"out{ending}"]
    assert "matches 'y*'; there are " in (line := refused(*paths, "--columns", "x,y*"))
    assert "'x'" in line
    assert "'i'" in line
    for target, said in {"out.npy": "would be a", "-": "standard output takes .npy"}.items():
        assert said in refused(paths[0], target)
    assert main(["apply", *paths, "--function", "relu", "--columns", "[x]", "--threads", "2"]) == 0
    same_bits(load(ending), gelu_fast.relu(X.astype("f4")))


@pytest.mark.parametrize("ending", [".parquet", ".arrow", ".safetensors", ".feather"])
@pytest.mark.parametrize("damage", ["empty", "text", "half", "last byte", "missing"])
def test_damaged(folder, refused, ending, damage):
    make(ending.replace("feather", "arrow"))
    path = Path(f"in{ending}")
    if ending == ".feather":
        Path("in.arrow").rename(path)
    data = path.read_bytes()
    path.write_bytes(
        {"empty": b"", "text": b"hello", "half": data[: len(data) // 2]}.get(damage, data[:-1])
    )
    if damage == "missing":
        path.unlink()
    line = refused(str(path), f"out{ending}")
    assert line.startswith(f"gelu-fast: '{path}': ")
    assert ("No such file" if damage == "missing" else "that can be read") in line
    path.unlink(missing_ok=True)
    path.mkdir()
    assert "not a regular file" in refused(str(path), f"out{ending}")


@pytest.mark.parametrize("ending", ALL)
def test_damage_at_random(folder, capfd, ending):
    """No damage causes a traceback or something half-written."""
    make(ending, 500)
    path = Path(f"in{ending}")
    inside = sorted(one for one in [path, *path.rglob("*")] if one.is_file())
    random = np.random.default_rng(1)
    for _ in range(60):
        victim = inside[random.integers(len(inside))]
        good = victim.read_bytes()
        data = bytearray(good)
        for at in random.integers(0, len(data), random.integers(1, 6)):
            data[at] = random.integers(256)
        victim.write_bytes(data)
        status = main(["apply", str(path), f"out{ending}", "--function", "gelu"])
        victim.write_bytes(good)
        out, err = capfd.readouterr()
        assert (status, out, err.count("\n")) in [(0, "", 0), (2, "", 1)], err
        assert len(os.listdir()) == 1 + (status == 0)
        if status == 0:
            subprocess.run(["rm", "-r", f"out{ending}"], check=True)


def test_damaged_zarr(store, refused):
    chunk = max(path for path in Path("in.zarr/a").rglob("*") if path.is_file())
    chunk.write_bytes(b"no")
    assert "'in.zarr': not a Zarr store that can be read: " in refused("in.zarr", "out.zarr")
    for name in METADATA:
        Path("in.zarr", name).unlink(missing_ok=True)
    assert "'in.zarr': not a Zarr store: it is no folder with" in refused("in.zarr", "out.zarr")
    assert "No such file" in refused("none.zarr", "out.zarr")


def test_columns_that_cannot_be_computed(folder, refused):
    pq.write_table(table(), "in.parquet")
    paths = ["in.parquet", "out.parquet"]
    assert "column 'text' cannot be computed: data must be num" in refused(
        *paths, "--columns", "te*"
    )
    assert "--bfloat16" in refused(*paths, "--bfloat16")
    pq.write_table(table().select(["i"]), "in.parquet")
    assert "no column has floats; there are 'i': choose with --columns" in refused(*paths)
    pq.write_table(pa.table([table()["x"]] * 2, names=["x", "x"]), "in.parquet")
    assert "2 columns have the name 'x'" in refused(*paths)


@pytest.mark.parametrize("ending", ALL)
def test_a_full_disk(folder, refused, ending):
    """The system limits the size of files, as a full disk would."""
    resource = pytest.importorskip("resource", reason="no limits on this system")
    make(ending, 1 << 19)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, limits[1]))
    try:
        line = refused(f"in{ending}", f"out{ending}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert f"out{ending}': File too large" in line


@pytest.mark.slow
@pytest.mark.parametrize("ending", ALL)
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_leaves_nothing(folder, ending, name):
    make(ending, 1 << 23)
    before = set(os.listdir())
    job = subprocess.Popen(
        [*COMMAND, f"in{ending}", f"out{ending}", "--function", "gelu"],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while set(os.listdir()) == before:
        assert job.poll() is None, job.communicate()
        time.sleep(0.001)
    job.send_signal(signal.Signals[name])
    _, err = job.communicate(timeout=60)
    assert (job.returncode, err) == (128 + signal.Signals[name], f"gelu-fast: stopped by {name}\n")
    assert set(os.listdir()) == before


@pytest.mark.parametrize("ending", ALL)
@pytest.mark.parametrize("package", ["pyarrow", "safetensors", "zarr"])
def test_a_missing_package(folder, ending, package):
    x = make(ending)
    code = f"import sys; sys.modules[{package!r}] = None; from gelu_fast._cli.command import main; "
    code += f"sys.exit(main(['apply', 'in{ending}', 'out{ending}', '--function', 'gelu']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    if package in BARE[ending]:
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert f"need the package {package}: install it, or the extra gelu" in done.stderr
    else:
        assert (done.returncode, done.stderr) == (0, "")
        same_bits(load(ending), gelu_fast.gelu(x))


@pytest.mark.parametrize(
    ("ending", "package"),
    [
        (".parquet", "pyarrow"),
        (".arrow", "pyarrow"),
        (".safetensors", "safetensors"),
        (".zarr", "zarr"),
    ],
)
@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), AttributeError("odd")])
def test_a_package_whose_import_fails(folder, ending, package, error):
    """zarr imports CuPy, which raises a PermissionError if it cannot write its cache."""
    make(ending)
    (folder / "broken").mkdir()
    (folder / "broken" / f"{package}.py").write_text(f"raise {error!r}")
    code = "import sys; sys.path.insert(0, 'broken'); from gelu_fast._cli.command import main; "
    code += f"sys.exit(main(['apply', 'in{ending}', 'out{ending}', '--function', 'gelu']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert f"need the package {package}, whose import fails: {type(error).__name__}" in done.stderr


LOAD = {
    ".parquet": "x = pyarrow.parquet.read_table('out.parquet')",
    ".arrow": "x = pyarrow.ipc.open_file(pyarrow.OSFile('out.arrow')).read_all()",
    ".safetensors": "import safetensors.numpy as s; x = s.load_file('out.safetensors')",
    ".zarr": "g = zarr.open_group('out.zarr', mode='r'); x = [g['x'][:], g['i'][:]]",
}
PEAK = """
{code}
with open("/proc/self/status") as status:
    print([line.split()[1] for line in status if line.startswith("VmHWM")][0])
"""


def peak_memory(code):
    """The peak resident memory of a Python process that runs `code`, in bytes."""
    command = [sys.executable, "-c", PEAK.format(code=code)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return 1024 * int(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no /proc to measure with")
@pytest.mark.parametrize("ending", ALL)
def test_memory_is_bounded(folder, ending):
    size = 200 << 20
    make(ending, size // 8)
    bare = peak_memory(f"{BARE[ending]}\nfrom gelu_fast._cli import command")
    arguments = ["apply", f"in{ending}", f"out{ending}", "--function", "gelu"]
    code = f"from gelu_fast._cli.command import main; assert main({arguments}) == 0"
    assert peak_memory(code) - bare < 64 << 20
    # This measure finds a library that holds all numbers.
    assert peak_memory(f"{BARE[ending]}\n{LOAD[ending]}") - bare > size // 2


def test_batches_of_one_file_do_not_change_its_numbers(folder, monkeypatch):
    """The position of a number in a file, and the chunks it is computed in, change no bit."""
    x = make(".parquet")
    for rows in (1 << 16, 77):
        monkeypatch.setattr(parquet_files, "BATCH_ROWS", rows)
        apply_file("in.parquet", "out.parquet", "mish", force=True)
        same_bits(load(".parquet"), gelu_fast.mish(x))


def test_function_by_name_and_refusals_in_python(folder):
    make(".parquet")
    apply_file("in.parquet", "out.parquet", gelu_fast.gelu)
    with pytest.raises(Refused, match="exists already"):
        apply_file("in.parquet", "out.parquet", "gelu")
    assert sorted(os.listdir()) == ["in.parquet", "out.parquet"]


@pytest.mark.filterwarnings("ignore:Numcodecs codecs are not in the Zarr")
def test_filters_that_do_not_suit_the_results(folder, refused):
    """Results of integers are floats, of which a filter for integers would make other numbers."""
    numcodecs = pytest.importorskip("numcodecs", reason="numcodecs is not installed")
    root = zarr.open_group("in.zarr", mode="w", zarr_format=2)
    for name, dtype in {"i": "i4", "x": "f4"}.items():
        filters = [numcodecs.Delta(dtype)]
        array = root.create_array(name, shape=100, chunks=10, dtype=dtype, filters=filters)
        array[:] = np.arange(100)
    line = refused("in.zarr", "out.zarr", "--tensors", "*")
    assert "'in.zarr/i': has filters for int32" in line
    apply_file("in.zarr", "out.zarr", "relu")
    out = zarr.open_group("out.zarr", mode="r")
    same_bits(out["x"][:], np.arange(100, dtype="f4"))


def test_names_with_dots(folder):
    """A column can have the name that a field of another has in the schema of the file."""
    some = pa.table({"a": [{"b": 1.5}], "a.b": pa.array([2.5], pa.float32()), "i.j": [3]})
    pq.write_table(some, "in.parquet", use_dictionary=False)
    apply_file("in.parquet", "out.parquet", "gelu", names=["a.b", "i.*"])
    assert_applied(pq.read_table("out.parquet"), some, ["a.b", "i.j"])


@pytest.mark.slow
def test_benchmark(tmp_path):
    program = ROOT / "benchmarks" / "files.py"
    options = ["--size", 100_000, "--runs", 1, "--output", tmp_path]
    printed = run(sys.executable, program, *options, env=None)
    found = json.loads((tmp_path / "files.json").read_text())["formats"]
    assert list(found) == ["npy", "npz", "safetensors", "parquet", "arrow", "zarr"]
    for kind, one in found.items():
        assert one["seconds"] > 0
        assert f"| `.{kind}` |" in printed
