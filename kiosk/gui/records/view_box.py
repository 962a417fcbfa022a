"""Saved views: choosing one, keeping what is asked for under a name, renaming, deleting, opening with one. Main thread."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QMenu, QWidget

from kiosk.domain.records.record_list import RecordQuestion
from kiosk.domain.records.saved_views import SavedView
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.errors import KioskError
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog, Dialog
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.services.records.saved_views import OpenedView, SavedViews
from kiosk.translation import _


class NameDialog(Dialog):
    """Asks for a view's name. Signal `wanted`: the name, and whether it is for everybody."""

    wanted = Signal(str, bool)

    def __init__(
        self,
        theme: Theme,
        title: str,
        action: str,
        *,
        name: str = "",
        may_share: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, title, parent)
        self.banner = Banner(theme)
        self.name = LineField(theme, _("Name"), placeholder=_("Such as: absent this week"))
        self.name.edit.setText(name)
        self.shared = QCheckBox(_("&Everybody who may see records is offered it"))
        self.shared.setVisible(may_share)
        for part in (self.banner, self.name, self.shared):
            self.body.addWidget(part)
        self.add_button(SecondaryButton(_("Cancel")), self.reject)
        self.add_button(PrimaryButton(action), self._ask)
        self.name.edit.setFocus()
        self.name.edit.selectAll()

    def _ask(self) -> None:
        if not self.name.text.strip():
            self.name.set_error(_("Write a name."))
            return
        self.wanted.emit(self.name.text, self.shared.isChecked())


class ViewBox(QWidget):
    """A box of views and what can be done with them.

    Signals:
        opened: A view is to be shown: an `OpenedView`; None for all records.
        began: Views are known, and none of them is the one to begin with.
        said: Something worked; a sentence.
        failed: Something did not; a KioskError.
    """

    opened = Signal(object)
    began = Signal()
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, views: SavedViews, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views = views
        self._theme = theme
        self._tasks = Tasks(self, threads=1)
        self._actor = NOBODY
        self._default: int | None = None
        self._asked = RecordQuestion()
        self.box = QComboBox()
        self.box.setAccessibleName(_("View"))
        self.box.setMinimumWidth(theme.px(260))
        self.save_button = SecondaryButton(_("Save view…"))
        self.more_button = QuietButton(_("View ▾"))
        self.more_button.setStyleSheet("QPushButton::menu-indicator { image: none; width: 0; }")
        self.menu = QMenu(self)
        self.rename_action = self.menu.addAction(_("Rename…"))
        self.delete_action = self.menu.addAction(_("Delete…"))
        self.default_action = self.menu.addAction(_("Open Records with this view"))
        self.default_action.setCheckable(True)
        self.more_button.setMenu(self.menu)
        self.dialog: Dialog | None = None
        horizontal(self.box, self.save_button, self.more_button, on=self, spacing=theme.space(1))
        self.box.currentIndexChanged.connect(self._open)
        self.save_button.clicked.connect(self._ask_name)
        self.menu.aboutToShow.connect(self._offer)
        self.rename_action.triggered.connect(self._ask_new_name)
        self.delete_action.triggered.connect(self._ask_delete)
        self.default_action.triggered.connect(self._choose_default)
        self._fill([], None)

    @property
    def view(self) -> SavedView | None:
        """The chosen view; None for all records."""
        found = self.box.currentData()
        return found if isinstance(found, SavedView) else None

    def begin(self, actor: Actor, *, with_default: bool) -> None:
        """Read the views of somebody; `with_default` opens the list with the one that is theirs to begin with."""
        self._actor = actor
        self._read(with_default=with_default, tell=True)

    def _read(self, *, with_default: bool = False, tell: bool = False) -> None:
        actor = self._actor
        chosen = self.view.view_id if self.view is not None and not with_default else None

        def work() -> tuple[list[SavedView], int | None, OpenedView | None]:
            first = self._views.default(actor=actor)
            opened = self._views.open(first, actor=actor) if with_default and first is not None else None
            return self._views.all(actor=actor), first, opened

        def then(answer: tuple[list[SavedView], int | None, OpenedView | None]) -> None:
            views, self._default, opened = answer
            self._fill(views, opened.view.view_id if opened is not None else chosen)
            if opened is not None:
                self.opened.emit(opened)
            elif tell:
                self.began.emit()

        def failed(error: KioskError) -> None:
            self.failed.emit(error)
            if tell:
                self.began.emit()

        self._tasks.run(work, then=then, failed=failed)

    def follow(self, asked: RecordQuestion) -> None:
        """What the list asks for now; a view that is left by it is not chosen any more."""
        self._asked = asked
        if self.view is not None and self.view.question != asked:
            with QSignalBlocker(self.box):
                self.box.setCurrentIndex(0)

    def _fill(self, views: Sequence[SavedView], chosen: int | None) -> None:
        with QSignalBlocker(self.box):
            self.box.clear()
            self.box.addItem(_("All records"), None)
            for view in views:
                shared = view.is_shared and view.owner_id != self._actor.user_id
                words = _("{name} (shared)", name=view.name) if shared else view.name
                self.box.addItem(words, view)
                if view.view_id == chosen:
                    self.box.setCurrentIndex(self.box.count() - 1)

    def _open(self) -> None:
        view = self.view
        if view is None:
            self.opened.emit(None)
            return
        work = partial(self._views.open, view.view_id, actor=self._actor)
        self._tasks.run(work, then=self.opened.emit, failed=self.failed.emit)

    def _offer(self) -> None:
        view = self.view
        for action in (self.rename_action, self.delete_action, self.default_action):
            action.setEnabled(view is not None)
        self.default_action.setChecked(view is not None and view.view_id == self._default)

    def _ask_name(self) -> None:
        name = self.view.name if self.view is not None else ""
        dialog = NameDialog(
            self._theme, _("Save this view"), _("Save"), name=name, may_share=True, parent=self.window()
        )
        asked = self._asked
        dialog.wanted.connect(
            lambda words, shared: self._do(
                partial(self._views.save, words, asked, is_shared=shared, actor=self._actor),
                dialog,
                _("The view {name} is saved."),
            )
        )
        self._show(dialog)

    def _ask_new_name(self) -> None:
        view = self.view
        if view is None:
            return
        dialog = NameDialog(
            self._theme, _("Rename the view"), _("Rename"), name=view.name, parent=self.window()
        )
        dialog.wanted.connect(
            lambda words, _shared: self._do(
                partial(self._views.rename, view.view_id, words, actor=self._actor),
                dialog,
                _("The view is called {name} now."),
            )
        )
        self._show(dialog)

    def _ask_delete(self) -> None:
        view = self.view
        if view is None:
            return
        text = (
            _("Everybody loses it. No record changes.") if view.is_shared else _("No record changes by that.")
        )
        dialog = ConfirmDialog(
            self._theme,
            self.window(),
            title=_("Delete the view {name}?", name=view.name),
            text=text,
            action=_("Delete"),
            danger=True,
        )
        self.dialog = dialog
        dialog.accepted.connect(
            lambda: self._do(
                partial(self._views.delete, view.view_id, actor=self._actor),
                None,
                _("The view {name} is deleted."),
            )
        )

    def _choose_default(self) -> None:
        view = self.view
        if view is None:
            return
        view_id = view.view_id if self.default_action.isChecked() else None

        def then(_done: None) -> None:
            self._default = view_id
            self.said.emit(
                _("Records opens with the view {name}.", name=view.name)
                if view_id is not None
                else _("Records opens with all records.")
            )

        work = partial(self._views.choose_default, view_id, actor=self._actor)
        self._tasks.run(work, then=then, failed=self.failed.emit)

    def _do(self, work: "partial[SavedView]", dialog: NameDialog | None, words: str) -> None:
        def then(view: SavedView) -> None:
            if dialog is not None:
                dialog.settle()
                dialog.accept()
            self.said.emit(words.format(name=view.name))
            with QSignalBlocker(self.box):
                self.box.addItem(view.name, view)
                self.box.setCurrentIndex(self.box.count() - 1)
            self._read()

        failed = dialog.banner.show_error if dialog is not None else self.failed.emit
        self._tasks.run(work, then=then, failed=failed)

    def _show(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.open()
