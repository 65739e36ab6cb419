"""What goes wrong with files of results."""

__all__ = ["StoreError"]


class StoreError(OSError):
    """A file of results cannot be read or written. The message names it, and says why."""
