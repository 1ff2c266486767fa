"""Fails unless tests of every named host ran, and none of them failed or was skipped:

python check_hosts.py REPORT.xml HOST...

It reads the report that pytest --junitxml writes. The tests of a host are in
tests/hosts/test_HOST.py."""

import sys
import xml.etree.ElementTree as ET
from collections import Counter


def main(report, *hosts):
    passed, others = Counter(), []
    for case in ET.parse(report).iter("testcase"):
        # pytest reports a module that is skipped as a whole by its name alone.
        parts = f"{case.get('classname')}.{case.get('name')}".split(".")
        for host in hosts:
            if "hosts" in parts and f"test_{host}" in parts:
                bad = [tag for tag in ("failure", "error", "skipped") if case.find(tag) is not None]
                passed[host] += not bad
                others += [f"{'.'.join(parts)}: {tag}" for tag in bad]
    for host in hosts:
        print(f"{host}: {passed[host]} tests passed")
    others += [f"no test of {host} ran" for host in hosts if not passed[host]]
    if others:
        sys.exit("\n".join(others))


if __name__ == "__main__":
    main(*sys.argv[1:])
