"""Fails unless tests of every named instruction set ran and passed:

python check_isas.py REPORT.xml ISA...

It reads the report that pytest --junitxml writes. The id of a test names the instruction set that
it asks for, as in test_accuracy[gelu-float32-avx2]; one test of each instruction set records the
one that was in use as the property `isa`.
"""

import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter


def main(report, *isas):
    passed, in_force = Counter(), set()
    for case in ET.parse(report).iter("testcase"):
        if any(case.find(outcome) is not None for outcome in ("failure", "error", "skipped")):
            continue
        passed.update(set(re.findall(r"\w+", case.get("name").partition("[")[2])))
        in_force.update(p.get("value") for p in case.iter("property") if p.get("name") == "isa")
    for isa in isas:
        print(f"{isa}: {passed[isa]} tests passed")
    missing = [isa for isa in isas if not passed[isa] or isa not in in_force]
    if missing:
        sys.exit(f"no test ran on {', '.join(missing)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
