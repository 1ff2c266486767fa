"""Makes archives whose bytes depend only on the source and on SOURCE_DATE_EPOCH, the time that all
files get (reproducible-builds.org): not on the machine, its user, or the order of a folder."""

import gzip
import io
import os
import tarfile
from pathlib import Path

FILE_MODE = 0o644
LIBRARIES = {".so", ".duckdb_extension"}  # and libgelu_c.so.1


def mode_of(path):
    """What everyone may do with a file of the package."""
    return 0o755 if path.is_dir() or LIBRARIES & set(path.suffixes) else FILE_MODE


def set_modes(folder):
    """Sets the permissions of all files of a folder, which depend on the umask otherwise."""
    for path in Path(folder).rglob("*"):
        path.chmod(mode_of(path))


def write_sdist(base_name, folder):
    """Writes BASE_NAME.tar.gz of a folder, and returns its name."""
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                member = archive.gettarinfo(path)
                member.mtime, member.mode = epoch, 0o755 if member.mode & 0o100 else FILE_MODE
                member.uid = member.gid = 0
                member.uname = member.gname = ""
                archive.addfile(member, io.BytesIO(path.read_bytes()))
    name = f"{base_name}.tar.gz"
    Path(name).write_bytes(gzip.compress(packed.getvalue(), mtime=epoch))
    return name
