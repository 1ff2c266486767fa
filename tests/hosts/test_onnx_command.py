"""gelu-fast onnx: it writes the accelerated model and prints what was replaced, or refuses with one
line and status 2."""

import os

import numpy as np
import pytest

from gelu_fast._cli.command import main
from gelu_fast.onnx import accelerate

onnx = pytest.importorskip("onnx", reason="onnx is not installed")

TEXT = """
<ir_version: 10, opset_import: ["": 20]>
agraph (float[N, 3] x) => (float[N, 3] y) <float[3] b = {1.0, 2.0, 3.0}>
{ s = Add(x, b) t = Sigmoid(s) u = Mul(s, t) v = Gelu(u) w = Gelu(v) y = Identity(w) }
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Makes a current folder that contains in.onnx."""
    monkeypatch.chdir(tmp_path)
    onnx.save(onnx.parser.parse_model(TEXT), "in.onnx")
    return tmp_path


@pytest.fixture
def refused(capfd):
    def refused(*arguments):
        before = sorted(os.listdir())
        assert main(["onnx", *arguments]) == 2
        out, err = capfd.readouterr()
        assert out == ""
        assert err.startswith("gelu-fast: ")
        assert err.count("\n") == 1
        assert sorted(os.listdir()) == before
        return err.removeprefix("gelu-fast: ").rstrip()

    return refused


def test_report(folder, capfd):
    assert main(["onnx", "in.onnx", "out.onnx"]) == 0
    wanted = "2 x Gelu -> gelu\n1 x Sigmoid subgraph with bias -> bias_silu\n"
    assert capfd.readouterr() == (wanted, "")
    assert onnx.load("out.onnx") == accelerate("in.onnx")
    assert sorted(os.listdir()) == ["in.onnx", "out.onnx"]


def test_nothing_is_found(folder, capfd):
    model = onnx.parser.parse_model(TEXT.replace("Gelu", "Relu").replace("Sigmoid", "Sin"))
    onnx.save(model, "in.onnx")
    assert main(["onnx", "in.onnx", "out.onnx"]) == 0
    assert capfd.readouterr() == ("nothing was replaced\n", "")
    assert onnx.load("out.onnx") == model


def test_force(folder, capfd, refused):
    (folder / "out.onnx").write_bytes(b"old")
    assert refused("in.onnx", "out.onnx") == "'out.onnx': exists already; --force replaces it"
    assert main(["onnx", "in.onnx", "out.onnx", "--force"]) == 0
    assert onnx.load("out.onnx") == accelerate("in.onnx")


def with_external_data():
    model = onnx.parser.parse_model(TEXT)
    array = np.arange(3.0, dtype=np.float32)
    model.graph.initializer[0].CopyFrom(onnx.numpy_helper.from_array(array, "b"))
    options = {"location": "weights", "size_threshold": 0}
    onnx.save(model, "in.onnx", save_as_external_data=True, **options)


def test_external_data_in_the_same_folder(folder, capfd):
    with_external_data()
    before = (folder / "weights").read_bytes()
    assert main(["onnx", "in.onnx", "out.onnx"]) == 0
    assert "bias_silu" in capfd.readouterr().out
    assert (folder / "weights").read_bytes() == before
    assert onnx.load("out.onnx") == accelerate("in.onnx")
    [tensor] = onnx.load("out.onnx", load_external_data=False).graph.initializer
    assert tensor.data_location == onnx.TensorProto.EXTERNAL


def test_external_data_in_another_folder(folder, refused):
    with_external_data()
    (folder / "other").mkdir()
    assert refused("in.onnx", "other/out.onnx") == (
        "'other/out.onnx': must be in the same folder as 'in.onnx', which has external data there"
    )
    assert os.listdir("other") == []


@pytest.mark.parametrize("data", [b"", b"no model", b"\x08\x0a", bytes(range(200, 256))])
def test_no_model(folder, refused, data):
    (folder / "in.onnx").write_bytes(data)
    assert refused("in.onnx", "out.onnx").startswith("'in.onnx': not an ONNX model: ")


RECURSIVE = """
<ir_version: 10, opset_import: ["": 20, "local": 1]>
agraph (float[N] x) => (float[N] y) { y = local.f(x) }
<opset_import: ["": 20], domain: "local">
f (x) => (y) { y = local.f(x) }
"""


def test_model_that_is_not_valid(folder, refused):
    onnx.save(onnx.parser.parse_model(RECURSIVE), "in.onnx")
    assert refused("in.onnx", "out.onnx").startswith("'in.onnx': model is not valid: Cycle")


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("none.onnx", "out.onnx", "'none.onnx': No such file or directory"),
        (".", "out.onnx", "'.': not a regular file"),
        ("in.onnx", "in.onnx", "'in.onnx': is the same file as the input 'in.onnx'"),
        ("in.onnx", "none/out.onnx", "'none/out.onnx': no such folder: "),
        ("in.onnx", ".", "'.': is a folder"),
    ],
)
def test_refused(folder, refused, source, target, why):
    assert refused(source, target).startswith(why)


def test_without_onnx(folder, refused, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    said = refused("in.onnx", "out.onnx")
    assert said.startswith("gelu-fast onnx needs onnx, which `pip install 'gelu_fast[onnx]'`")
