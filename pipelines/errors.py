"""What can stop a command or a run, sorted by what to do about it."""


class Co2sfError(Exception):
    """Something stopped us; the text says where, what, and what to do."""


class EditFile(Co2sfError):
    """A file that a person wrote must change: a mapping, a conversion, a setting."""


class FixAccess(Co2sfError):
    """An address, a credential or a right is missing or wrong."""


class TryLater(Co2sfError):
    """The other side is busy, down or out of quota: the same call may succeed later."""
