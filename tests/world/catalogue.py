"""What somebody at the desk may open, as the page of settings offers it, without looking for its button."""

from kiosk.gui.desk import Desk
from kiosk.gui.dialog_catalogue import CATALOGUE, entries_for
from kiosk.gui.widgets.dialogs import Dialog


def offered(desk: Desk) -> list[str]:
    """The titles of what whoever signed in may open."""
    return [entry.title for entry in entries_for(desk.actor)]


def chosen(desk: Desk, title: str) -> Dialog:
    """The dialog that its button opens; the title may be cut short."""
    entry = next(entry for entry in CATALOGUE if entry.title.startswith(title))
    assert entry.is_for(desk.actor), f"{title} is not offered"
    desk.opener.open(entry)
    assert desk.opener.dialog is not None
    return desk.opener.dialog
