"""The C core as ufuncs: the extension, its table, dtypes, instruction sets, threads, docstrings."""

# The extension imports these modules. Programs that pack an application read import statements.
from . import docstrings as docstrings
from . import dtypes as dtypes
from . import gpu as gpu
from . import rows as rows
from . import threadpools as threadpools
