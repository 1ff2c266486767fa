"""all-MiniLM-L6-v2 in ONNX Runtime, as PyTorch exports it, and with gelu_fast.onnx.accelerate."""

import tempfile
import warnings
from pathlib import Path

import onnx
import onnxruntime
import onnxscript  # noqa: F401  PyTorch's exporter needs it
import sentences

import gelu_fast.onnx


def export(folder, path, opset=20):
    """Writes the model, from tokens to unit vectors, for any number of sentences and tokens."""
    import torch
    from in_pytorch import model

    shape = {0: torch.export.Dim("sentences"), 1: torch.export.Dim("tokens")}
    tokens = sentences.tokens(folder, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model(folder, attn_implementation="eager"),
            tuple(torch.from_numpy(tokens[name]) for name in sentences.INPUTS),
            str(path),
            input_names=list(sentences.INPUTS),
            output_names=["embeddings"],
            dynamic_shapes=dict.fromkeys(sentences.INPUTS, shape),
            opset_version=opset,
            external_data=False,
            verbose=False,
        )


def encoders(path, threads=1):
    """{name: function of tokens} of the exported model."""
    model = onnx.load(path)
    accelerated = gelu_fast.onnx.accelerate(model)
    return {
        "ONNX Runtime": caller(session(model, threads)),
        "ONNX Runtime, accelerated": caller(session(accelerated, threads)),
    }


def session(model, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.register_custom_ops_library(gelu_fast.onnx.get_library_path())
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def caller(session):
    return lambda tokens: session.run(["embeddings"], tokens)[0]


def main():
    folder = sentences.folder()
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, "minilm.onnx")
        export(folder, path)
        sentences.compare(encoders(path), folder)


if __name__ == "__main__":
    main()
