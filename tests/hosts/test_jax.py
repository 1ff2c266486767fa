"""gelu_fast.jax: the bits of the ufuncs under JAX's transformations."""

import os
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from support import ROOT
from support.bits import assert_same_bits, inputs, samples
from support.c_programs import C11, CC, CORE
from support.hosts import run, run_python
from support.table import DTYPES, KINDS, NAMES, ROW

import gelu_fast

jax = pytest.importorskip("jax", reason="jax is not installed")

import jax.numpy as jnp  # noqa: E402
import jaxlib  # noqa: E402

import gelu_fast.jax as gf  # noqa: E402
from gelu_fast._core import glue  # noqa: E402
from gelu_fast.jax import _glue  # noqa: E402


@pytest.fixture(autouse=True)
def x64():
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", False)


def as_tuple(results):
    return results if isinstance(results, tuple) else (results,)


def ufunc(name, *operands):
    with np.errstate(all="ignore"):
        return as_tuple(getattr(gelu_fast, name)(*operands))


def check(name, *operands, function=None):
    """The results are arrays with the bits, shapes and dtypes of the ufunc's."""
    got = as_tuple((function or getattr(gf, name))(*operands))
    for a, b in zip(got, ufunc(name, *operands), strict=True):
        assert isinstance(a, jax.Array)
        assert a.shape == b.shape
        assert_same_bits(a, b)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_function(name, dtype):
    check(name, *inputs(ROW[name, dtype], 300))


@pytest.mark.parametrize("name", KINDS)
def test_every_instruction_set(name, isa):
    check(name, *inputs(ROW[name, "float32"], 1000))


@pytest.mark.parametrize("dtype", DTYPES)
def test_inside_of_a_program(dtype):
    """XLA's threads flush subnormal numbers to zero; the functions do not."""
    x = samples(ROW["gelu", dtype], 3000)
    check("gelu", x, function=jax.jit(gf.gelu))
    function = jax.jit(lambda x: gf.gelu(jnp.concatenate([x, x])[: x.size]))
    check("gelu", x, function=function)


# ---- Threads

SIZES = [131_071, 131_072, 131_073, 147_456, 200_001, 16_384 * 256 + 1]  # borders of glue's parts


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_large_calls(dtype, size):
    check("gelu", np.resize(samples(ROW["gelu", dtype], 10**5), size))


@pytest.mark.parametrize(
    "shapes",
    [
        [(400, 1000), (1000,)],
        [(400, 1000), (400, 1)],
        [(1000, 1), (1, 333)],
        [(100_000, 3), (3,)],
        [(3, 100_000), (3, 1)],
        [(7, 20_001, 2), (20_001, 1)],
        [(10**6,), ()],
    ],
)
def test_large_broadcast_calls(shapes):
    rng = np.random.default_rng(0)
    check("swish", *(rng.normal(size=shape).astype(np.float32) for shape in shapes))


def test_a_large_call_with_two_results():
    x = np.random.default_rng(0).normal(size=(501, 601)).astype(np.float32)
    check("swiglu_backward", x, x[0], x[:, :1])


def test_number_of_threads():
    """A call has the threads of XLA; those of gelu_fast are for other calls."""
    x = samples(ROW["gelu", "float32"], 10**6)
    before = gelu_fast.get_num_threads()
    gelu_fast.set_num_threads(2)
    try:
        check("gelu", x)
    finally:
        gelu_fast.set_num_threads(before)


def test_every_way_of_a_pool(tmp_path):
    """XLA may run tasks at once, late, in the thread that calls, or not at all."""
    folders = [Path(jaxlib.__path__[0], "include"), ROOT / "gelu_fast" / "jax", CORE / "include"]
    includes = [word for folder in folders for word in ("-isystem", str(folder))]
    program = tmp_path / "jax_pool"
    run(*CC, *C11, *includes, "-O2", ROOT / "tests/hosts/jax_pool.c", "-o", program, "-pthread")
    run(program, timeout=120)


AT_ONCE = """if True:
    import os, sys
    if cpus := int(sys.argv[1]):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cpus])
    os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=3"
    from concurrent.futures import ThreadPoolExecutor
    import jax, jax.numpy as jnp, numpy as np
    import gelu_fast, gelu_fast.jax as gf

    x = np.random.default_rng(0).normal(0, 2, (4, 150_000)).astype(np.float32)
    once = gelu_fast.gelu(x)
    thrice = gelu_fast.gelu(gelu_fast.gelu(once))

    def independent(x):
        return jnp.stack([gf.gelu(x[i]) for i in range(4)])

    def scanned(x):
        return jax.lax.scan(lambda x, _: (gf.gelu(x), None), x, None, length=3)[0]

    def mapped(x):
        return jax.pmap(gf.gelu)(x[:3])

    programs = [(jax.jit(independent), once), (jax.jit(jax.vmap(gf.gelu)), once),
                (jax.jit(jax.vmap(scanned)), thrice), (mapped, once[:3])]

    def call(i):
        program, wanted = programs[i % 4]
        np.testing.assert_array_equal(np.asarray(program(x)).view("u4"), wanted.view("u4"))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(call, range(80)))
    print("fine")
"""


@pytest.mark.parametrize("cpus", [0, 1], ids=["all CPUs", "one CPU"])
def test_calls_at_the_same_time(cpus):
    """They share XLA's threads, which may all be busy with calls."""
    if cpus and not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system cannot limit a process to one CPU")
    assert run_python(AT_ONCE, cpus, timeout=300).split() == ["fine"]


# ---- Shapes

SHAPES = [
    [(3, 4), (3, 4)],
    [(3, 4), (4,)],
    [(3, 1), (1, 4)],
    [(3, 1), (4,)],
    [(1, 1), (1,)],
    [(2, 3, 4), (3, 1)],
    [(5, 2, 3, 4), (2, 1, 4)],
    [(100, 3), (100, 1)],
    [(), (5,)],
    [(), ()],
    [(0, 4), (1, 4)],
    [(4, 1), (1, 0)],
    [(1,) * 40, (3,)],
]


@pytest.mark.parametrize("shapes", SHAPES)
def test_broadcasting(shapes):
    arrays = [np.random.default_rng(0).normal(size=shape) for shape in shapes]
    check("swish", *arrays)
    check("swish", *arrays[::-1])


def test_three_operands_and_two_results():
    x = np.random.default_rng(0).normal(size=(30, 40)).astype(np.float32)
    check("swiglu_backward", x, x[0], x[:, :1])
    check("swiglu_backward", x[0], x, x[:1, :1])
    check("swiglu_backward", x.T, x.T, np.float32(2))


def test_too_many_dimensions():
    """glue.c refuses what it cannot compute. XLA itself allows that many dimensions."""
    with pytest.raises(Exception, match="gelu_fast: the shapes of operands and results do not fit"):
        gf.gelu(jnp.ones((1,) * 64))


# ---- Dtypes


@pytest.mark.parametrize("number", [2, -1.5, True, np.float32(0.5), np.int8(3)])
def test_numbers(number):
    got = gf.gelu(number)
    assert got.shape == ()
    assert got.dtype == jnp.asarray(number / jnp.ones((), got.dtype)).dtype
    assert got == np.asarray(gelu_fast.gelu(np.asarray(number, got.dtype)))


OPERANDS = [1, 1.5, *(np.dtype(name) for name in ("bool", "int8", "uint32", "int64")), *DTYPES]


@pytest.mark.many
@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("pair", [*product(OPERANDS, OPERANDS)], ids=str)
def test_promotion(pair, wide):
    """The dtype is that of a quotient; and whether it is weak, unless integers are converted."""
    jax.config.update("jax_enable_x64", wide)
    operands = [x if isinstance(x, int | float) else np.ones(2, x) for x in pair]
    got, quotient = gf.swish(*operands), jnp.true_divide(*operands)
    assert got.dtype == quotient.dtype
    if all(isinstance(x, float) or x in DTYPES for x in pair):
        assert got.weak_type == quotient.weak_type


def test_a_number_beside_an_array():
    x = samples(ROW["gelu", "bfloat16"], 100)
    check("swish", x, x.dtype.type(1.5), function=lambda x, beta: gf.swish(x, 1.5))


# ---- Transformations

AXES = [0, 1, None]


@pytest.mark.parametrize("axes", [axes for axes in product(AXES, AXES) if axes != (None, None)])
def test_vmap(axes):
    rng = np.random.default_rng(0)
    x, y = (rng.normal(size=(5, 5)) if axis is not None else rng.normal(size=5) for axis in axes)
    got = jax.vmap(gf.swish, axes)(x, y)
    x, y = (
        np.moveaxis(v, axis or 0, 0) if v.ndim == 2 else v
        for v, axis in zip((x, y), axes, strict=True)
    )
    assert_same_bits(got, *ufunc("swish", x, y))


def test_nested_vmap():
    x, y = np.random.default_rng(0).normal(size=(2, 4, 4, 4))
    function = jax.vmap(jax.vmap(gf.swish, (0, None)), (None, 1))
    got = function(x, y)  # over the axis 0 of x and 1 of y
    wanted = np.stack([[ufunc("swish", a, b)[0] for a in x] for b in y.swapaxes(0, 1)])
    assert_same_bits(got, wanted)
    two = jax.vmap(gf.swiglu_backward, (None, 0, 1), (1, 0))(x[0, 0], x[0], y[0].T)
    first, second = ufunc("swiglu_backward", x[0, 0], x[0], y[0])
    assert_same_bits(two[0], first.T)
    assert_same_bits(two[1], second)


def test_vmap_makes_one_call():
    program = jax.jit(jax.vmap(gf.swish, (1, None), 1)).lower(jnp.ones((3, 4)), jnp.ones(3))
    assert program.as_text().count("@gelu_fast(") == 1
    aligned = jax.make_jaxpr(jax.vmap(gf.gelu, 1, 1))(jnp.ones((3, 4)))
    assert [str(equation.primitive) for equation in aligned.eqns] == ["gelu_fast"]


def test_control_flow():
    x = np.random.default_rng(0).normal(size=10)
    wanted = x
    for _ in range(3):
        [wanted] = ufunc("gelu", wanted)
    scanned, _ = jax.lax.scan(lambda x, _: (gf.gelu(x), None), x, None, length=3)
    looped = jax.lax.fori_loop(0, jnp.asarray(3), lambda _, x: gf.gelu(x), x)
    chosen = jax.lax.cond(True, gf.gelu, gf.relu, wanted)
    for got in scanned, looped:
        assert_same_bits(got, wanted)
    assert_same_bits(chosen, *ufunc("gelu", wanted))


def test_without_jit():
    x = np.random.default_rng(0).normal(size=10)
    with jax.disable_jit():
        check("gelu", x)
        check("swiglu_backward", x, x, x)


def test_donated_array():
    x = samples(ROW["gelu", "float32"], 1000)
    check("gelu", x, function=lambda x: jax.jit(gf.gelu, donate_argnums=0)(jnp.array(x)))


def test_symbolic_shapes():
    """A program for arrays of any length."""
    from jax import export

    [n] = export.symbolic_shape("n")
    kinds = [jax.ShapeDtypeStruct(shape, np.float32) for shape in ((n, 4), (4,))]
    allowed = [export.DisabledSafetyCheck.custom_call("gelu_fast")]
    program = export.export(jax.jit(gf.bias_gelu), disabled_checks=allowed)(*kinds)
    x = np.random.default_rng(0).normal(size=(7, 4)).astype(np.float32)
    check("bias_gelu", x, x[0], function=program.call)


DEVICES = """if True:
    import os
    os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=4"
    import jax, jax.numpy as jnp, numpy as np
    from jax.sharding import AxisType, NamedSharding, PartitionSpec as P
    import gelu_fast.jax as gf

    x = jnp.linspace(-3, 3, 64, dtype=jnp.float32).reshape(8, 8)
    b, (mesh, explicit) = x[0], (jax.make_mesh((4,), ("d",), axis_types=(kind,))
                                 for kind in (AxisType.Auto, AxisType.Explicit))
    functions = [gf.gelu, lambda x: gf.bias_gelu(x, b), lambda x: gf.swish(x, 1.5),
                 jax.grad(lambda x: gf.swiglu(x, x).sum())]
    for spec in P("d"), P(None, "d"):
        here = jax.device_put(x, NamedSharding(mesh, spec))
        for function in functions:
            program = jax.jit(function).lower(here).compile()
            assert "all-gather" not in program.as_text()
            got = program(here)
            assert got.sharding.is_equivalent_to(here.sharding, 2)
            np.testing.assert_array_equal(got, function(x))
        typed = jax.device_put(x, NamedSharding(explicit, spec))
        with jax.set_mesh(explicit):
            assert jax.typeof(gf.gelu(typed)).sharding.spec == jax.typeof(typed).sharding.spec

    def gradient(x, b):
        return jax.grad(lambda b: gf.bias_gelu(x, b).sum())(b)
    spread = jax.shard_map(gradient, mesh=mesh, in_specs=(P("d"), P()), out_specs=P())
    np.testing.assert_allclose(spread(x, b), gradient(x, b), rtol=1e-6)
    shards = jax.shard_map(gf.bias_gelu, mesh=mesh, in_specs=(P("d"), P()), out_specs=P("d"))
    np.testing.assert_array_equal(shards(x, b), gf.bias_gelu(x, b))
    print("fine")
"""


@pytest.mark.slow
def test_devices():
    """Calls on split arrays are split, and jit gathers nothing."""
    assert run_python(DEVICES).split() == ["fine"]


# ---- Errors


@pytest.mark.parametrize(
    ("name", "operands", "message"),
    [
        ("gelu", [[1.0]], r"gelu_fast.jax.gelu takes arrays and numbers, but x is a list"),
        ("gelu", [None], r"gelu_fast.jax.gelu takes arrays and numbers, but x is a NoneType"),
        ("gelu", ["x"], r"not a valid JAX type|of type <class 'str'>"),
        ("gelu", [1j], r"gelu_fast.jax.gelu takes .*float64.* but complex128 was given"),
        ("swish", [1.5, np.ones(2, np.complex64)], r"gelu_fast.jax.swish takes .* complex64 was"),
        ("swish", [1.5], r"gelu_fast.jax.swish takes 2 operands, but 1 were given"),
    ],
)
def test_operands_are_refused(name, operands, message):
    with pytest.raises(TypeError, match=message):
        getattr(gf, name)(*operands)


def test_float8_is_refused():
    with pytest.raises(TypeError, match="but float8_e4m3fn was given"):
        gf.gelu(jnp.ones(3, jnp.float8_e4m3fn))


def test_shapes_that_do_not_broadcast():
    with pytest.raises(ValueError, match=r"with the shapes x \(3,\), beta \(4,\)"):
        gf.swish(jnp.ones(3), jnp.ones(4))


def test_other_platforms():
    x = jnp.ones(3)
    with pytest.raises(NotImplementedError, match=r"gelu computes on CPUs.* compiled for cuda"):
        jax.jit(gf.gelu).trace(x).lower(lowering_platforms=("cuda",))

    def choose(x):
        return jax.lax.platform_dependent(x, cpu=gf.gelu, default=jax.nn.gelu)

    elsewhere = jax.jit(choose).trace(x).lower(lowering_platforms=("cuda",))
    assert "gelu_fast" not in elsewhere.as_text()
    jax.jit(choose).trace(x).lower(lowering_platforms=("cpu", "cuda"))
    check("gelu", np.ones(3), function=choose)


def test_a_function_of_another_version():
    """A stored program may name a function that the library lacks."""
    call = jax.ffi.ffi_call("gelu_fast", jax.ShapeDtypeStruct((3,), np.float32))
    with pytest.raises(Exception, match="gelu_fast: the installed version has no such function"):
        call(np.ones(3, np.float32), function="gelu_of_tomorrow")
    with pytest.raises(Exception, match="gelu_fast: the installed version has no such function"):
        call(np.ones(3, np.int32), function="gelu")
    with pytest.raises(Exception, match="gelu_fast: operands and results differ in dtype"):
        call(np.ones(3), function="gelu")
    with pytest.raises(Exception, match="gelu_fast: the shapes of operands and results do not fit"):
        call(np.ones(2, np.float32), function="gelu")


def test_without_glue(monkeypatch, tmp_path):
    monkeypatch.setattr(glue, "PACKAGE", tmp_path)
    with pytest.raises(ImportError, match="gelu_fast was built without jax"):
        _glue.register()


def test_another_major_version_of_the_interface(monkeypatch, tmp_path):
    folder = tmp_path / "include" / "xla" / "ffi" / "api"
    folder.mkdir(parents=True)
    (folder / "c_api.h").write_text("#define XLA_FFI_API_MAJOR 1\n#define XLA_FFI_API_MINOR 0\n")
    assert Path(_glue.jaxlib.__file__).parent.joinpath("include").is_dir()
    assert _glue.minor_version() >= 1
    monkeypatch.setattr(_glue.jaxlib, "__path__", [str(tmp_path)])
    with pytest.raises(
        ImportError, match=r"knows version 0 .* has version 1: install an older jax"
    ):
        _glue.minor_version()


def test_names():
    assert set(gf.__all__) == NAMES == set(dir(gf)) - {x for x in dir(gf) if x.startswith("__")}
    for name in NAMES:
        function = getattr(gf, name)
        assert function.__name__ == name
        assert function.__module__ == "gelu_fast.jax"
        assert f"gelu_fast.{name} : " in function.__doc__


def test_page():
    """The program of docs/jax.md prints what its last comment says."""
    page = (ROOT / "docs" / "jax.md").read_text()
    [program] = re.findall(r"^```py\n(.*?)^```$", page, re.M | re.S)
    wanted = re.search(r"^# prints (.*)", program, re.M)[1]
    assert run_python(program).split() == wanted.split()
