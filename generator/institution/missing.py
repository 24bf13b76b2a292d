"""The one value for what is not stated: it prints as nothing, is false and loops over nothing."""

from collections.abc import Iterator
from typing import Final


class Missing:
    """What nobody stated; every fact of it is missing as well."""

    __slots__ = ()
    __kaowu_missing__ = True

    def __getattr__(self, name: str) -> "Missing":
        """Return MISSING for any fact; refuse Python's own protocol names."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __bool__(self) -> bool:
        """Return False."""
        return False

    def __iter__(self) -> Iterator[object]:
        """Return an iterator over nothing."""
        return iter(())

    def __len__(self) -> int:
        """Return 0."""
        return 0

    def __str__(self) -> str:
        """Return the empty text."""
        return ""

    def __repr__(self) -> str:
        """Return the name of the singleton."""
        return "MISSING"

    def __reduce__(self) -> str:
        """Return the singleton's name, so that copies stay the singleton."""
        return "MISSING"


MISSING: Final = Missing()
