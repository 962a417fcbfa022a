"""What the audit log keeps of an action."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, when; chained by hashes so that a removed or changed entry shows."""

    entry_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
