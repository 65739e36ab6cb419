"""Unpacks what an LMS gives as one zip: notebooks only, under names that can do no harm."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path, PurePosixPath

from grading.handin.submission import SIZE_LIMIT

__all__ = ["unpack"]

MEMBERS = 20_000


def unpack(path: Path, into: Path) -> Path:
    """Unpack a zip of submissions and return the folder.

    Folders are kept as far as they name learners. Files that are no notebooks leave an empty
    file behind, so that one can say what a learner sent instead. What was unpacked before, from
    the same bytes, is taken as it is.

    Raises
    ------
    ValueError
        The file is no zip, or holds more than a class can send.
    """
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    folder = into / digest
    done = folder / ".unpacked"
    if done.exists():
        return folder
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MEMBERS:
                raise ValueError(f"{path.name} holds more than {MEMBERS} files")
            for member in members:
                _write(archive, member, folder)
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path.name} is not a zip file") from error
    folder.mkdir(parents=True, exist_ok=True)
    done.touch()
    return folder


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    parts = tuple(p for p in parts if p not in ("/", "..", ".") and not p.endswith(":"))
    if not parts or parts[0] == "__MACOSX":
        return
    target = folder.joinpath(*parts)
    if member.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    data = b""
    is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
    if target.suffix.lower() == ".ipynb" and not is_link:
        try:
            with archive.open(member) as file:
                data = file.read(SIZE_LIMIT + 1)
        except (RuntimeError, zipfile.BadZipFile, NotImplementedError, OSError):
            data = b""  # encrypted or damaged: reported as an empty file
    target.write_bytes(data)
