"""Where the records of a kiosk and their backups are. Any thread."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field, field_validator

from kiosk.settings.about import Subject, about
from kiosk.settings.group import SettingsGroup
from kiosk.translation import N_, _


class StorageSettings(SettingsGroup):
    """Where records are kept."""

    subject: ClassVar[Subject] = Subject.BACKUPS

    database_url: str = Field(
        default="",
        title=N_("Database"),
        description=N_(
            "Empty: SQLite in the data directory. Or a PostgreSQL address: postgresql+psycopg://user@host/name."
        ),
        json_schema_extra=about(advanced=True, also=N_("server PostgreSQL SQLite")),
    )
    backup_folder: str = Field(
        default="",
        title=N_("Folder for backups"),
        description=N_(
            "Another disk or a share, as a full path: what burns with this PC does not bring it back. Empty: the folder "
            "backups in the data directory."
        ),
        json_schema_extra=about(also=N_("copy save disk share")),
    )
    backups_kept: int = Field(
        default=14,
        ge=0,
        le=365,
        title=N_("Automatic backups that are kept"),
        description=N_(
            "The kiosk makes one after each class, each night and before each update of the database, and removes the oldest "
            "beyond this number. Those that a person made stay. 0: it makes none by itself, but before an update."
        ),
        json_schema_extra=about(also=N_("copy save number")),
    )

    @field_validator("backup_folder")
    @classmethod
    def _full_path(cls, text: str) -> str:
        text = text.strip()
        if text and not Path(text).expanduser().is_absolute():
            raise ValueError(_("must be a full path, such as /mnt/school/backups or E:\\backups"))
        return text
