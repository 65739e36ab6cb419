"""Unpacks what an LMS gives as one zip: notebooks only, under names that can do no harm."""

from __future__ import annotations

import hashlib
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from grading.handin.naming import is_notebook, is_rubbish
from grading.handin.submission import SIZE_LIMIT

__all__ = ["member_paths", "unpack"]

MEMBERS = 20_000
LONGEST = 200  # bytes of a name; file systems allow 255
UNREADABLE = (RuntimeError, OSError, EOFError, zipfile.BadZipFile, zlib.error)
FLAG_UTF8, EXTRA_UTF8 = 0x800, 0x7075


def unpack(path: Path, into: Path) -> tuple[Path, list[str]]:
    """Unpack a zip of submissions; return the folder, and what could not be unpacked.

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
    done = folder / ".complete"
    if done.exists():
        return folder, done.read_text(encoding="utf-8").splitlines()
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MEMBERS:
                raise ValueError(f"{path.name} holds more than {MEMBERS} files")
            failed = [note for m in members if (note := _write(archive, m, folder))]
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path.name} is not a zip file") from error
    folder.mkdir(parents=True, exist_ok=True)
    done.write_text("\n".join(failed), encoding="utf-8")
    return folder, failed


def member_paths(path: Path) -> list[PurePosixPath]:
    """Return the paths in a zip as they would be unpacked."""
    with zipfile.ZipFile(path) as archive:
        return [PurePosixPath(*parts) for m in archive.infolist() if (parts := _parts(m))]


def _parts(member: zipfile.ZipInfo) -> tuple[str, ...]:
    """Return the parts of a member's path, none of which leads out of the folder."""
    name = unicodedata.normalize("NFC", _name(member)).replace("\\", "/")
    parts = (part.rstrip("\0") for part in PurePosixPath(name).parts)
    kept = tuple(p for p in parts if p not in ("", "/", "..", ".") and not p.endswith(":"))
    return () if any(map(is_rubbish, kept)) else tuple(map(_shortened, kept))


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; Finder writes UTF-8 and does not say so, others say so aside."""
    if member.flag_bits & FLAG_UTF8:
        return member.filename
    extra = member.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == EXTRA_UTF8:
            return extra[9 : 4 + size].decode("utf-8", "replace")
        extra = extra[4 + size :]
    try:
        return member.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def _shortened(part: str) -> str:
    data = part.encode("utf-8", "surrogatepass")
    if len(data) <= LONGEST:
        return part
    suffix = "".join(PurePosixPath(part).suffixes[-1:])[:12]
    code = hashlib.sha256(data).hexdigest()[:6]
    return f"{data[: LONGEST - 20].decode('utf-8', 'ignore').strip()}-{code}{suffix}"


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> str:
    """Write a member; return what went wrong, in words."""
    parts = _parts(member)
    if not parts:
        return ""
    target, data, problem = folder.joinpath(*parts), b"", ""
    is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
    if is_notebook(target.name) and not is_link and not member.is_dir():
        try:
            with archive.open(member) as file:
                data = file.read(SIZE_LIMIT + 1)
        except UNREADABLE as error:
            problem = f"{'/'.join(parts)} is encrypted or damaged ({error})"
    try:
        if member.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except (OSError, ValueError) as error:
        return f"{'/'.join(parts)} could not be unpacked ({type(error).__name__})"
    return problem
