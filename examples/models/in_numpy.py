"""all-MiniLM-L6-v2 in NumPy: the encoder of examples/minilm.py, with SciPy's erf and with
gelu_fast.nn."""

import sentences
from sentences import minilm

import gelu_fast
from gelu_fast.nn import FeedForward


def encoders(folder, threads=1):
    """{name: function of tokens}. OPENBLAS_NUM_THREADS sets the threads of the products."""
    gelu_fast.set_num_threads(threads)

    def with_scipy(*arguments):
        return minilm.Timed(FeedForward.from_safetensors(*arguments), minilm.activate_scipy)

    return {
        "NumPy, SciPy's erf": caller(minilm.Encoder(folder, with_scipy)),
        "NumPy, gelu_fast.nn": caller(minilm.Encoder(folder)),
    }


def caller(encoder):
    """The encoder needs no padding."""

    def encode(tokens):
        kept = zip(tokens["input_ids"], tokens["attention_mask"].sum(1), strict=True)
        return encoder.encode([row[:n] for row, n in kept])

    return encode


def main():
    folder = sentences.folder()
    sentences.compare(encoders(folder), folder)


if __name__ == "__main__":
    main()
