"""Failures that a person in front of the screen can act on.

Everything expected that goes wrong is raised as a `KioskError`: one plain sentence that says what
happened (`user_text`) and one that says what to do (`hint`). Anything else that escapes is a defect of
ours and is logged with its traceback at the top of its thread.
"""


class KioskError(Exception):
    """An expected failure with words for the user.

    Attributes:
        user_text: One plain sentence: what happened.
        hint: What the reader can do about it; may be empty.
    """

    def __init__(self, user_text: str, hint: str = "") -> None:
        super().__init__(user_text)
        self.user_text = user_text
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.user_text} {self.hint}".strip()


class SettingsError(KioskError):
    """A setting is missing, misspelt or out of its bounds."""


class CertificateError(KioskError):
    """The school's certificate cannot be used: phones would refuse it."""


class SourceError(KioskError):
    """A camera, file or address gives no pictures."""


class FileFormatError(KioskError):
    """A file that a person handed in cannot be read as what it should be."""


class NeedsPassphraseError(FileFormatError):
    """A backup is of a school whose key is not here; its recovery passphrase opens it."""


class NotFoundError(KioskError):
    """A course, student, session or user does not exist."""


class ConflictError(KioskError):
    """What was asked contradicts what is already stored."""


class SignInError(KioskError):
    """A name, password or PIN was not accepted, or too many were tried."""


class ThrottledError(SignInError):
    """Too many were tried; the account rests for a while."""


class BusyError(KioskError):
    """More is asked than can be done soon; the same works a moment later.

    Attributes:
        retry_s: After how many seconds.
    """

    def __init__(self, user_text: str, hint: str = "", *, retry_s: int = 10) -> None:
        super().__init__(user_text, hint)
        self.retry_s = retry_s


class ForbiddenError(KioskError):
    """The person is known but may not do this."""


class CodeError(KioskError):
    """A scanned or typed code is expired, forged or from another session."""


class ExpiredCodeError(CodeError):
    """A code or ticket was genuine, but its time is over or it was used."""


class ModelError(KioskError):
    """A model file is missing, damaged or does not do what it should."""


class InstallStoppedError(ModelError):
    """Somebody stopped an installation; what was there before is there still."""


class StorageError(KioskError):
    """The data directory or the database cannot be used."""


class DatabaseError(StorageError):
    """The database does not do what it is asked to at the moment: it is full, locked, read-only, damaged or gone."""


class DamageError(DatabaseError):
    """What is stored was changed by a disk, a cable or another program, and is not whole any more."""


class CollisionError(DatabaseError):
    """Another kiosk wrote the same at the same moment; nothing of this was written, and it may be tried again at once."""


class UnknownOutcomeError(DatabaseError):
    """A disk or server went away after it was asked to commit: it is not known whether it did."""


class InstanceError(KioskError):
    """Another kiosk already works with the same data."""


class ExportError(KioskError):
    """A workbook, slip or backup could not be written."""
