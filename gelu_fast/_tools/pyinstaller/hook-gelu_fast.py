# The sources of the GPU kernels, and what the package says about itself, such as its version.
from PyInstaller.utils.hooks import collect_data_files, copy_metadata

datas = collect_data_files("gelu_fast", subdir="cuda/gelu_c") + copy_metadata("gelu_fast")
