"""How long the pages of a list are: what is asked for, and from which length on a page cannot be the last one."""

from threading import Lock

largest_page = 500  # the largest page ChargeOver gives
_smallest = 10  # what it gives when nothing is asked for (docs: paging), so no account cuts pages shorter than that


class Pages:
    """What an account has shown about the length of its pages; safe to share between threads."""

    def __init__(self, limit: int = largest_page) -> None:
        assert limit > 1  # a page by offset overlaps the one before by one record
        self._lock = Lock()
        self._limit = limit
        self._limits: dict[str, int] = {}
        self._longest: dict[tuple[str, str], int] = {}

    def limit(self, name: str) -> int:
        """How many records of an object to ask for at once."""
        return self._limits.get(name, self._limit)

    def cap(self, limit: int) -> None:
        """From now on ask for at most so many records of any object: the account refuses longer pages."""
        with self._lock:
            self._limit = min(self._limit, limit)
            self._limits = {name: min(each, limit) for name, each in self._limits.items()}

    def can_shrink(self, asked: int) -> bool:
        """Whether a page of this length may be asked for in smaller parts."""
        return asked > _smallest

    def shrink(self, name: str, asked: int) -> None:
        """From now on ask for at most half of what took too long."""
        with self._lock:
            self._limits[name] = min(self.limit(name), max(_smallest, asked // 2))

    def is_last(self, name: str, expand: str, asked: int, length: int) -> bool:
        """Whether a page ends its list: it is shorter than one that this account has been seen to fill, or shorter
        than any account cuts them. An account's own limit is documented nowhere, so a longer page proves nothing."""
        with self._lock:
            longest = max(self._longest.get((name, expand), 0), length)
            self._longest[name, expand] = longest
        return length < min(asked, max(longest, _smallest))
