"""The C core as ufuncs: the extension, its table, dtypes, instruction sets, threads, docstrings."""

import os
import sys

if sys.platform == "win32":  # files have no run path there
    # os.path, because the import of pathlib takes time.
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    os.add_dll_directory(os.path.join(package, "lib"))

# The extension imports these modules. Programs that pack an application read import statements.
from . import docstrings as docstrings
from . import dtypes as dtypes
from . import exactness as exactness
from . import gpu as gpu
from . import rows as rows
from . import threadpools as threadpools

try:
    from . import _ufuncs as _ufuncs
except ImportError:
    from importlib.util import find_spec

    if find_spec(f"{__name__}._ufuncs") is not None:
        raise
    raise ImportError(
        f"gelu_fast has no compiled extension in {__path__[0]}: a checkout of its source has to be "
        "installed with pip, and an archive such as a zip file cannot hold the extension"
    ) from None
