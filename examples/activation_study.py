"""Does the choice of the activation matter? A small experiment with nine hidden units, two deep
networks and one budget.

    python examples/activation_study.py                    runs for a quarter of an hour
    python examples/activation_study.py --quick            tries the program for a few seconds
    python examples/activation_study.py --output docs      writes the files that docs/ needs
    python examples/activation_study.py --results FILE     prints the tables of stored results

It needs the extra `examples`: scikit-learn for its digits, matplotlib for the picture. --output
writes activation_study.json and activation_study.png. If the folder has an ACTIVATION_STUDY.md, it
writes the tables between the markers of that file.
"""

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

# NumPy reads these variables when it is imported. Small networks gain nothing from threads.
for variable in ("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
sys.path[:0] = [str(Path(__file__).resolve().parent)]

import numpy as np  # noqa: E402
from study import data, report  # noqa: E402
from study.experiment import QUICK, Settings, experiment  # noqa: E402

import gelu_fast  # noqa: E402


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="2 seeds, 1 epoch")
    parser.add_argument("--tuning-seeds", type=int, help="seeds for each learning rate")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--results", type=Path, help="use the results in this file")
    parser.add_argument("--output", type=Path, help="the folder to write to")
    options = parser.parse_args()

    if options.results:
        results = json.loads(options.results.read_text(), object_hook=unpacked)
    else:
        settings = QUICK if options.quick else Settings()
        if options.tuning_seeds:
            settings = replace(settings, tuning_seeds=options.tuning_seeds)
        splits = data.digits()
        results = {
            "machine": {"isa": gelu_fast.isa(), "numpy": np.__version__},
            "nearest_neighbour": data.nearest_neighbour(splits),
            **experiment(settings, splits, options.processes),
        }
    tables = report.tables(results)
    print(tables)
    if options.output:
        write(results, tables, options.output)


def write(results, tables, folder):
    from study import picture

    folder.mkdir(exist_ok=True)
    text = json.dumps(packed(results))
    (folder / "activation_study.json").write_text(text + "\n")
    picture.draw(results, folder / "activation_study.png")
    document = folder / "ACTIVATION_STUDY.md"
    if document.exists():
        document.write_text(report.insert(document.read_text(), tables))


# ---- In the file, hexadecimal digits say which test images are classified correctly


def packed(value):
    if isinstance(value, dict):
        return {
            key: packed_bits(x) if key == "test_correct" else packed(x) for key, x in value.items()
        }
    return [packed(x) for x in value] if isinstance(value, list) else value


def packed_bits(bits):
    return {"count": len(bits), "bits": np.packbits(bits).tobytes().hex()}


def unpacked(value):
    if value.keys() != {"count", "bits"}:
        return value
    bits = np.frombuffer(bytes.fromhex(value["bits"]), np.uint8)
    return np.unpackbits(bits, count=value["count"]).astype(bool).tolist()


if __name__ == "__main__":
    main()
