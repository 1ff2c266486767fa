"""Settings of Sphinx for the documentation site, which `make docs` builds.

The folder of sources is the root of the repository; pages.py says which files are pages."""

import sys
from pathlib import Path

import gelu_fast

sys.path.insert(0, str(Path(__file__).parent))

project = "gelu_fast"
version = release = gelu_fast.__version__
extensions = ["myst_parser", "pages", "reference", "links"]
# Sphinx looks for pages by itself before pages.py takes over, and a folder of build/ may contain a
# link to the root of the file system.
exclude_patterns = ["build", ".*"]

html_theme = "furo"
html_title = f"gelu_fast {release}"
html_favicon = "static/icon.svg"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {"navigation_with_keys": True}

default_role = "py:obj"  # `name` in docstrings
add_module_names = False
toc_object_entries = False
myst_heading_anchors = 4
# A comma-separated list of words in C and C++ fragments, of a shell's output, ... has no errors.
suppress_warnings = ["misc.highlighting_failure"]
