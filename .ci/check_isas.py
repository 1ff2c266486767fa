"""Fails unless tests of every instruction set named ran and passed.

python check_isas.py REPORT.xml ISA...     reads pytest's --junitxml report; a test tells the
instruction set that it ran on in its id, as in test_accuracy[gelu-float32-avx2]
"""

import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter


def main(report, *isas):
    passed = Counter()
    for case in ET.parse(report).iter("testcase"):
        if not {"failure", "error", "skipped"} & {child.tag for child in case}:
            passed.update(set(re.findall(r"\w+", case.get("name").partition("[")[2])))
    for isa in isas:
        print(f"{isa}: {passed[isa]} tests passed")
    missing = [isa for isa in isas if not passed[isa]]
    if missing:
        sys.exit(f"no test ran on {', '.join(missing)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
