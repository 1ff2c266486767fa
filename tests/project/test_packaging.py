"""The sdist builds, the wheel holds two extensions for the stable ABI and no C or Cython sources
except the sources for GPUs, and a build without a compiler names the packages to install."""

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest
from build import BuildBackendException, ProjectBuilder
from build.env import DefaultIsolatedEnv
from support import ROOT

import gelu_fast
from gelu_fast import gelu_c
from gelu_fast._core import _ufuncs
from gelu_fast.duckdb import get_extension

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("cc") is None and "CC" not in os.environ,
        reason="no C compiler on this machine",
    ),
]


@pytest.fixture(scope="module")
def build():
    """build("sdist" or "wheel", source, folder, VARIABLE=value ...) returns (the path or None, the
    printed text). All builds use one environment with the requirements of pyproject.toml."""
    with DefaultIsolatedEnv() as isolated:

        def build(kind, source, folder, **variables):
            printed = []

            def run(command, cwd=None, extra_environ=None):
                environment = {**os.environ, **(extra_environ or {}), **variables}
                environment.pop("GELU_FAST_CORE_FOLDER", None)  # other tests use its objects
                options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
                done = subprocess.run(command, cwd=cwd, env=environment, **options)
                printed.append(done.stdout)
                done.check_returncode()

            builder = ProjectBuilder.from_isolated_env(isolated, source, run)
            if required := builder.build_system_requires - installed:
                isolated.install(required)
                installed.update(required)
            try:
                return Path(builder.build(kind, folder)), "".join(printed)
            except BuildBackendException:
                return None, "".join(printed)

        installed = set()
        yield build


@pytest.fixture(scope="module")
def sdist(build, tmp_path_factory):
    path, printed = build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))
    assert path, printed
    return path


@pytest.fixture(scope="module")
def source(sdist, tmp_path_factory):
    """Returns the unpacked sdist, with files that a build of an earlier version could have left."""
    folder = tmp_path_factory.mktemp("source")
    with tarfile.open(sdist) as archive:
        # Newer versions use this filter by default, and versions before 3.11.4 do not know it.
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(folder, **safely)
    [folder] = folder.iterdir()
    tag = f"{sysconfig.get_platform()}-{sys.implementation.cache_tag}"
    stale = folder / "build" / f"lib.{tag}" / "gelu_fast"
    (stale / "_core").mkdir(parents=True)
    (stale / "_removed.py").write_text("")
    (stale / "_core" / f"_ufuncs{sysconfig.get_config_var('EXT_SUFFIX')}").write_bytes(b"")
    stale_object = folder / "build" / f"temp.{tag}" / "core" / "dispatch.o"
    stale_object.parent.mkdir(parents=True)
    stale_object.write_bytes(b"not an object file")
    return folder


EPOCH = "1700000000"


@pytest.fixture(scope="module")
def wheel(build, source, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    # -O0 takes a sixth of the usual time
    path, printed = build("wheel", source, folder, CFLAGS="-O0", SOURCE_DATE_EPOCH=EPOCH)
    assert path, printed
    return path


@pytest.fixture(scope="module")
def members(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_sdist_has_all_sources(sdist):
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    for folder in ("src/gelu_c", "gelu_fast", "tests"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".c", ".h", ".def", ".py", ".pyi", ".pyx", ".pxi", ".md", ".typed"}:
                assert path.relative_to(ROOT).as_posix() in names
    assert {"setup.py", "pyproject.toml", "LICENSE", "README.md", "CITATION.cff"} <= names
    assert {"SECURITY.md", "RELEASING.md", ".ci/release.py"} <= names
    assert not [name for name in names if name.endswith((".so", ".pyd", ".o", ".pyc"))]
    assert "gelu_fast/_core/_ufuncs.c" not in names


def is_glue(name):
    """Whether a file of the wheel is compiled glue of a host."""
    return Path(name).stem == "glue" or name.endswith(".duckdb_extension")


@pytest.mark.skipif(FREE_THREADED, reason="no stable ABI for this interpreter")
def test_wheel_is_for_the_stable_abi(wheel, members):
    assert wheel.name.startswith(f"gelu_fast-{gelu_fast.__version__}-cp311-abi3-")
    extensions = [n for n in members if n.endswith((".so", ".pyd")) and not is_glue(n)]
    names = ["gelu_fast/_core/_ufuncs", "gelu_fast/gelu_c"]
    assert sorted(extensions) in [[f"{n}{end}" for n in names] for end in (".abi3.so", ".pyd")]


CUDA_SOURCES = "gelu_fast/cuda/gelu_c/"
C_LIBRARY = ("gelu_fast/include/", "gelu_fast/lib/")


def test_wheel_holds_the_package_only(members):
    modules = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "gelu_fast").rglob("*")
        if path.suffix in {".py", ".pyi", ".typed"}
    }
    rest = [name for name in members if ".dist-info/" not in name and name not in modules]
    rest = [name for name in rest if not name.startswith(CUDA_SOURCES)]
    library = [name for name in rest if name.startswith(C_LIBRARY)]
    assert {Path(name).name for name in library} == {
        Path(gelu_fast.get_library()).name,
        "gelu_c.h",
        "gelu_c_flat.h",
        "gelu_c.pc",
        "gelu_cConfig.cmake",
        "gelu_cConfigVersion.cmake",
    }
    glue = [name for name in rest if is_glue(name)]
    sources = (ROOT / "gelu_fast").glob("*/glue.c*")
    assert {Path(name).parent.name for name in glue} <= {path.parent.name for path in sources}
    assert "gelu_fast/duckdb/gelu_fast.duckdb_extension" in glue  # it needs no headers
    assert len(rest) == len(library) + len(glue) + 3, rest  # the extensions, gelu_c.pxd
    assert "gelu_fast/gelu_c.pxd" in rest
    assert modules <= set(members)
    assert all(name.startswith(("gelu_fast/", "gelu_fast-")) for name in members)


def test_wheel_has_the_sources_of_the_gpu(installed, tmp_path):
    """The sources in the wheel give the same kernels as the checkout."""
    program = """if True:
        import hashlib, sys
        from pathlib import Path
        from gelu_fast.cuda import _launch, _source
        if sys.argv[1:]:
            _source.CORE = Path(sys.argv[1])
        for row in _launch.ROWS.values():
            print(hashlib.sha256(_source.source(row).encode()).hexdigest())
    """
    write = "import sys; sys.path.insert(0, sys.argv[1]); import generate; "
    write += "generate.write_cuda_sources(sys.argv[2])"
    subprocess.run([sys.executable, "-c", write, ROOT / "src" / "gelu_c", tmp_path], check=True)
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    printed = [
        subprocess.run(
            [sys.executable, "-c", program, *core], env=environment, capture_output=True, check=True
        ).stdout
        for core in ([], [tmp_path])
    ]
    assert printed[0]
    assert printed[0] == printed[1]


def test_wheel_needs_only_numpy(installed):
    [metadata] = installed.glob("*.dist-info/METADATA")
    required = [x for x in metadata.read_text().splitlines() if x.startswith("Requires-Dist:")]
    assert [x for x in required if "extra ==" not in x] == ["Requires-Dist: numpy>=1.25"]


def test_wheel_works(installed):
    code = "import gelu_fast; print(gelu_fast.__file__, gelu_fast.isa(), gelu_fast.gelu(1.0))"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        cwd=installed,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(str(installed))


def symbols(path):
    """Returns (kind, name) of the dynamic symbols of a library, as nm prints them."""
    command = ["nm", "--dynamic", path]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line.split()[-2:] for line in run.stdout.splitlines()]


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads ELF symbols")


@on_linux
@pytest.mark.parametrize("module", [_ufuncs, gelu_c], ids=["_ufuncs", "gelu_c"])
def test_extension_exports_nothing_but_the_module(module):
    exported = [name for kind, name in symbols(module.__file__) if kind in "TDBRVW"]
    assert exported == [f"PyInit_{module.__name__.rpartition('.')[2]}"]


@on_linux
def test_duckdb_extension_exports_its_entry():
    exported = [name for kind, name in symbols(get_extension()) if kind in "TDBRVW"]
    assert exported == ["gelu_fast_init_c_api"]


@on_linux
@pytest.mark.parametrize(
    "path",
    [_ufuncs.__file__, gelu_c.__file__, gelu_fast.get_library(), get_extension()],
    ids=os.path.basename,
)
def test_needs_no_recent_c_library(path):
    """A manylinux_2_17 wheel needs only glibc 2.17; exp, pow, log and others would need 2.29."""
    if platform.libc_ver()[0] != "glibc":
        pytest.skip("another C library")
    needed = [name for kind, name in symbols(path) if kind == "U"]
    needed = [name for name in needed if not name.startswith(("Py", "_Py", "gf_"))]
    assert needed
    for name in needed:  # a symbol without a version comes from a library that is not linked
        symbol, _, found = name.partition("@GLIBC_")
        assert found, f"{symbol}: no version"
        # Where glibc has threads in the library itself, from 2.34, they get this version.
        newest = (2, 34) if symbol.startswith("pthread_") else (2, 17)
        assert tuple(map(int, found.split("."))) <= newest, name


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sdist", "wheel"])
def test_another_build_has_the_same_bytes(build, source, wheel, tmp_path, kind):
    """In another folder, and with other permissions and times of the files"""
    copy = tmp_path / "a folder"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("build", "*.egg-info"))
    for path in copy.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (0, 10**9))
    variables = {"CFLAGS": "-O0", "SOURCE_DATE_EPOCH": EPOCH}
    if kind == "wheel":
        first = wheel
        (copy / "LICENSE").chmod(0o644)  # a wheel keeps its permissions
    else:
        first, printed = build(kind, source, tmp_path, **variables)
        assert first, printed
    second, printed = build(kind, copy, tmp_path / "second", **variables)
    assert second, printed
    assert second.name == first.name
    assert second.read_bytes() == first.read_bytes()


@pytest.mark.parametrize("cc", ["/nonexistent/cc", "false", "cl"])
def test_build_without_a_compiler(build, source, tmp_path, cc):
    path, printed = build("wheel", source, tmp_path, CC=cc)
    assert path is None
    errors = [line for line in printed.splitlines() if "gelu_fast is built" in line]
    assert len(errors) == 1, printed
    assert f"`{cc}`" in errors[0]
    assert "install GCC or Clang" in errors[0]
    said = printed.split("gelu_fast is built")[0].split("running build_ext")[-1]
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())
