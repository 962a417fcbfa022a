"""Who consents to face recognition: recording a word at the desk, or withdrawing it, with a receipt. Main thread."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from kiosk.domain.people.students import Student, fold
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog, confirm
from kiosk.gui.widgets.parts import ResultTable, documents, open_file
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import PeopleCases
from kiosk.services.people.consents import ConsentReceipt, StudentFaces

WIDTH_PX: Final = 960
TABLE_PX: Final = 420
HEADINGS: Final = ("Student", "Number", "Consent", "Pictures")
STATES: Final = {True: "Given", False: "Withdrawn", None: "Never asked"}


class ConsentsDialog(WorkDialog):
    """Everybody by name, and a search."""

    def __init__(
        self, people: PeopleCases, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "Consent to face recognition", parent, width=WIDTH_PX)
        self._people = people
        self._actor = actor
        self._all: list[StudentFaces] = []
        self._shown: list[StudentFaces] = []
        self._newest: tuple[Student, ConsentReceipt] | None = None
        self._saved: Path | None = None
        self.question: ConfirmDialog | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search name or number")
        self.search.setAccessibleName("Search name or number")
        self.table = ResultTable(theme, HEADINGS, name="Students", height=TABLE_PX, wide=0)
        words = "Withdrawing deletes pictures and templates at once; attendance stays."
        self.form.addWidget(Text(words, TextStyle.CAPTION, Tone.MUTED, wrap=True))
        self.form.addWidget(self.search)
        self.form.addWidget(self.table)
        self.change_button = self.add_button(SecondaryButton("Withdraw…"), self._ask)
        self.save_button = self.add_button(SecondaryButton("Save receipt…"), self._ask_where)
        self.open_button = self.add_button(SecondaryButton("Open receipt to print"), self._open)
        self._offer(None)
        self.search.textChanged.connect(lambda _text: self._fill())
        self.table.itemSelectionChanged.connect(self._allow)
        self._show([])
        self.tasks.run(
            lambda: people.consents.overview(actor=actor), then=self._show, failed=self.banner.show_error
        )

    @property
    def chosen(self) -> StudentFaces | None:
        """Whose row is selected."""
        rows = self.table.selectionModel().selectedRows()
        return self._shown[rows[0].row()] if rows else None

    def _show(self, students: list[StudentFaces]) -> None:
        self._all = students
        self._fill()

    def _fill(self, select: int = 0) -> None:
        wanted = fold(self.search.text())
        self._shown = [
            one for one in self._all if wanted in fold(f"{one.student.full_name} {one.student.student_no}")
        ]
        self.table.show_rows(
            [
                (
                    Tone.TEXT if one.consents else Tone.MUTED,
                    (one.student.full_name, one.student.student_no, STATES[one.word], str(one.pictures)),
                )
                for one in self._shown
            ]
        )
        ids = [one.student.student_id for one in self._shown]
        if ids:
            self.table.selectRow(ids.index(select) if select in ids else 0)
        self._allow()

    def _allow(self) -> None:
        chosen = self.chosen
        self.change_button.setVisible(chosen is not None)
        self.change_button.setText("Withdraw…" if chosen and chosen.consents else "Record consent…")

    def _ask(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        name, given = chosen.student.full_name, not chosen.consents
        text = (
            "The student (or a parent) consents to face recognition. It is written down with your name."
            if given
            else f"Pictures ({chosen.pictures}) and all templates are deleted at once. This cannot be undone."
        )
        self.question = confirm(
            self.theme,
            self,
            title=f"Record the consent of {name}?" if given else f"Withdraw the consent of {name}?",
            text=text,
            action="Record consent" if given else "Withdraw and delete",
            on_yes=partial(self._record, chosen, given=given),
            danger=not given,
        )

    def _record(self, chosen: StudentFaces, *, given: bool) -> None:
        student_id = chosen.student.student_id

        def work() -> tuple[ConsentReceipt, list[StudentFaces]]:
            receipt = self._people.consents.record(student_id, given=given, actor=self._actor)
            return receipt, self._people.consents.overview(actor=self._actor)

        def then(answer: tuple[ConsentReceipt, list[StudentFaces]]) -> None:
            receipt, self._all = answer
            self._fill(student_id)
            self._offer((chosen.student, receipt))
            what = "consent recorded" if given else f"consent withdrawn, {_pictures(receipt.deleted)} deleted"
            self.banner.say(
                f"Receipt No. {receipt.number}: {chosen.student.full_name}, {what}.", tone=Tone.PRESENT
            )

        self._offer(None)
        self.start(work, words="Writing…", then=then)

    def _offer(self, newest: tuple[Student, ConsentReceipt] | None, saved: Path | None = None) -> None:
        """Offer the receipt of the newest word to be saved, and once it is saved to be opened."""
        self._newest, self._saved = newest, saved
        self.save_button.setVisible(newest is not None)
        self.open_button.setVisible(saved is not None)

    def _ask_where(self) -> None:
        if self._newest is None:
            return
        student, receipt = self._newest
        number = "".join(letter for letter in student.student_no if letter.isalnum())
        dialog = QFileDialog(self, "Save receipt")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.setDirectory(str(documents()))
        dialog.selectFile(f"receipt-{receipt.number}-{number}.pdf")
        dialog.fileSelected.connect(lambda text: self.save_receipt(Path(text)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_receipt(self, path: Path) -> None:
        """Write the receipt of the newest word as a PDF."""
        if self._newest is None:
            return
        student, receipt = newest = self._newest

        def then(_: None) -> None:
            self._offer(newest, path)
            self.banner.say(f"Receipt No. {receipt.number} is saved.", str(path), Tone.PRESENT)
            self.open_button.setFocus()

        self.start(
            partial(self._people.receipts.save, path, student, receipt, actor=self._actor),
            words="Writing…",
            then=then,
        )

    def _open(self) -> None:
        if self._saved is not None:
            open_file(self._saved)


def _pictures(number: int) -> str:
    return "1 picture" if number == 1 else f"{number} pictures"
