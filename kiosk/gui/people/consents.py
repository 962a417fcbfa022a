"""Who consents to face recognition: recording a word at the desk, or withdrawing it, with a receipt. Main thread."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QWidget

from kiosk.domain.people.consents import Answerer, ConsentState
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.gui.people.consent_answer import question_for, says_yes
from kiosk.gui.people.consent_words import answer_words, said_words
from kiosk.gui.people.student_search import ROWS, found, left_out_words
from kiosk.gui.remembered import remembered_near
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import SEARCHES, ConfirmDialog
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.parts import ResultTable, documents, open_file
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import PeopleCases
from kiosk.services.people.consents import ConsentReceipt, StudentFaces
from kiosk.translation import N_, _, ngettext

WIDTH_PX: Final = 960
TABLE_PX: Final = 420
HEADINGS: Final = (N_("Student"), N_("Number"), N_("Consent"), N_("Newest answer"), N_("Pictures"))
STATES: Final = {
    ConsentState.YES: N_("Yes"),
    ConsentState.RENEW: N_("Yes, to be renewed"),
    ConsentState.OBJECTED: N_("Objected"),
    ConsentState.NO: N_("No"),
    ConsentState.UNANSWERED: N_("Has not answered"),
}
FILTERS: Final = (
    (None, N_("Everybody")),
    (ConsentState.UNANSWERED, N_("Has not answered")),
    (ConsentState.RENEW, N_("To be renewed")),
    (ConsentState.OBJECTED, N_("Objected: a no wins over a yes")),
    (ConsentState.NO, N_("No")),
    (ConsentState.YES, N_("Yes")),
)


class ConsentsDialog(WorkDialog):
    """Everybody by name, and a search."""

    def __init__(
        self, people: PeopleCases, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, _("Consent to face recognition"), parent, width=WIDTH_PX)
        self._people = people
        self._actor = actor
        self._all: list[StudentFaces] = []
        self._shown: list[StudentFaces] = []
        self._newest: tuple[Student, ConsentReceipt] | None = None
        self._saved: Path | None = None
        self._age = 0
        self.question: ConfirmDialog | None = None
        self.state = QComboBox()
        self.state.setAccessibleName(_("Show"))
        for state, title in FILTERS:
            self.state.addItem(_(title), state)
        self.search = QLineEdit()
        self.search.setProperty(SEARCHES, True)
        self.search.setPlaceholderText(_("Search name or number"))
        self.search.setAccessibleName(_("Search name or number"))
        self.table = ResultTable(theme, tuple(map(_, HEADINGS)), name=_("Students"), height=TABLE_PX, wide=0)
        words = _(
            "A no of the student, or of a parent or guardian, wins over any yes until whoever said it takes it back. It deletes "
            "pictures and templates at once; attendance stays. “Enrol anew”: in classes the face looks less and less like the "
            "enrolled pictures, so nothing more is learned of it."
        )
        self.form.addWidget(Text(words, TextStyle.CAPTION, Tone.MUTED, wrap=True))
        self.form.addLayout(horizontal((self.search, 2), (self.state, 1), spacing=theme.space(2)))
        self.form.addWidget(self.table)
        self._said = Text(style=TextStyle.CAPTION, wrap=True)
        self.form.addWidget(self._said)
        self._more = Text(style=TextStyle.CAPTION, tone=Tone.MUTED)
        self.form.addWidget(self._more)
        self.forget_button = self.add_button(SecondaryButton(_("Delete learned…")), self._ask_to_forget)
        self.other_button = self.add_button(SecondaryButton(""), self._ask_other)
        self.change_button = self.add_button(SecondaryButton(_("Withdraw…")), self._ask)
        self.save_button = self.add_button(SecondaryButton(_("Save receipt…")), self._ask_where)
        self.open_button = self.add_button(SecondaryButton(_("Open receipt to print")), self._open)
        self._offer(None)
        self.search.textChanged.connect(lambda _text: self._fill())
        self.state.currentIndexChanged.connect(lambda _place: self._fill())
        self.table.itemSelectionChanged.connect(self._allow)
        self._fill()
        self.tasks.run(
            lambda: (people.consents.deciding_age(), people.consents.overview(actor=actor)),
            then=self._begin,
            failed=self.banner.show_error,
        )

    @property
    def chosen(self) -> StudentFaces | None:
        """Whose row is selected."""
        return self.table.chosen(self._shown)

    def _begin(self, found: tuple[int, list[StudentFaces]]) -> None:
        self._age, self._all = found
        self.table.say_if_none(
            _("Nobody is like that. Search for something else, or show all.")
            if self._all
            else _("There is no student yet. Import a class list under People.")
        )
        self._fill()

    def _fill(self, select: int = 0) -> None:
        wanted = self.state.currentData()
        among = [one for one in self._all if wanted is None or one.standing.state == wanted]
        matching = found(among, self.search.text())
        self._shown = matching[:ROWS]
        self._more.show_if_any(left_out_words(len(matching)))
        self.table.show_rows(
            [
                (
                    _tone(one),
                    (
                        one.student.full_name,
                        one.student.student_no,
                        _(STATES[one.standing.state]),
                        answer_words(one.standing.newest, self._people.receipts.zone),
                        _pictures(one),
                    ),
                )
                for one in self._shown
            ]
        )
        self.table.select([one.student.student_id for one in self._shown], select)
        self._allow()

    def _allow(self) -> None:
        chosen = self.chosen
        self.change_button.setVisible(chosen is not None)
        self.forget_button.setVisible(chosen is not None and chosen.learned > 0)
        self.change_button.setText(_("Withdraw…") if chosen and says_yes(chosen) else _("Record consent…"))
        renew = chosen is not None and chosen.standing.state is ConsentState.RENEW
        self.other_button.setText(_("Renew consent…") if renew else _("Record a no…"))
        self.other_button.setVisible(chosen is not None and (renew or not says_yes(chosen)))
        self._said.show_if_any(said_words(chosen.standing, self._people.receipts.zone) if chosen else "")

    def _ask(self) -> None:
        if self.chosen is not None:
            self._ask_for(self.chosen, given=not says_yes(self.chosen))

    def _ask_other(self) -> None:
        if self.chosen is not None:
            self._ask_for(self.chosen, given=says_yes(self.chosen))

    def _ask_for(self, chosen: StudentFaces, *, given: bool) -> None:
        question = question_for(self.theme, self, chosen, given=given, age=self._age)
        self.question = question
        question.accepted.connect(lambda: self._record(chosen, given=given, answerer=question.answerer))

    def _ask_to_forget(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Delete what was learned of {name}?", name=chosen.student.full_name),
            text=ngettext(
                "{n} picture from a class is deleted with its templates. Enrolled pictures stay.",
                "{n} pictures from classes are deleted with their templates. Enrolled pictures stay.",
                chosen.learned,
                n=chosen.learned,
            ),
            action=_("Delete"),
            danger=True,
        )
        self.question.accepted.connect(partial(self._forget, chosen))

    def _forget(self, chosen: StudentFaces) -> None:
        student_id = chosen.student.student_id

        def work() -> tuple[int, list[StudentFaces]]:
            gone = self._people.consents.forget_learned(student_id, actor=self._actor)
            return gone, self._people.consents.overview(actor=self._actor)

        def then(answer: tuple[int, list[StudentFaces]]) -> None:
            gone, self._all = answer
            self._fill(student_id)
            words = ngettext(
                "{name}: {n} learned picture deleted.",
                "{name}: {n} learned pictures deleted.",
                gone,
                name=chosen.student.full_name,
                n=gone,
            )
            self.banner.say(words, tone=Tone.PRESENT)

        self.start(work, words=_("Writing…"), then=then)

    def _record(self, chosen: StudentFaces, *, given: bool, answerer: Answerer) -> None:
        student_id = chosen.student.student_id

        def work() -> tuple[ConsentReceipt, list[StudentFaces]]:
            receipt = self._people.consents.record(
                student_id, given=given, actor=self._actor, answerer=answerer
            )
            return receipt, self._people.consents.overview(actor=self._actor)

        def then(answer: tuple[ConsentReceipt, list[StudentFaces]]) -> None:
            receipt, self._all = answer
            self._fill(student_id)
            self._offer((chosen.student, receipt))
            name = chosen.student.full_name
            self.banner.say(
                (
                    _("Receipt No. {number}: {name}, consent recorded.", number=receipt.number, name=name)
                    if receipt.counts
                    else _(
                        "Receipt No. {number}: {name}, consent recorded. It does not count while somebody else objects.",
                        number=receipt.number,
                        name=name,
                    )
                )
                if given
                else ngettext(
                    "Receipt No. {number}: {name}, consent withdrawn, {deleted} picture deleted.",
                    "Receipt No. {number}: {name}, consent withdrawn, {deleted} pictures deleted.",
                    receipt.deleted,
                    number=receipt.number,
                    name=name,
                    deleted=receipt.deleted,
                ),
                tone=Tone.PRESENT if receipt.counts or not given else Tone.LATE,
            )

        self._offer(None)
        self.start(work, words=_("Writing…"), then=then)

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
        dialog = QFileDialog(self, _("Save receipt"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setNameFilter(_("PDF (*.pdf)"))
        remembered = remembered_near(self)
        dialog.setDirectory(str(remembered.folder(documents())))
        dialog.selectFile(f"receipt-{receipt.number}-{number}.pdf")
        dialog.fileSelected.connect(lambda text: remembered.keep_folder(Path(text)))
        dialog.fileSelected.connect(lambda text: self.save_receipt(Path(text)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_receipt(self, path: Path) -> None:
        """Write the receipt of the newest word as a PDF."""
        if self._newest is None:
            return
        student, receipt = newest = self._newest

        def then(_unused: None) -> None:
            self._offer(newest, path)
            self.banner.say(
                _("Receipt No. {number} is saved.", number=receipt.number), str(path), Tone.PRESENT
            )
            self.open_button.setFocus()

        self.start(
            partial(self._people.receipts.save, path, student, receipt, actor=self._actor),
            words=_("Writing…"),
            then=then,
        )

    def _open(self) -> None:
        if self._saved is not None:
            open_file(self._saved)


def _tone(one: StudentFaces) -> Tone:
    if one.has_drifted:
        return Tone.LATE
    return Tone.TEXT if one.consents else Tone.MUTED


def _pictures(one: StudentFaces) -> str:
    """How many, how many of them from classes, and whether others are wanted."""
    words = str(one.pictures)
    if one.learned:
        words = _("{pictures}, {learned} from classes", pictures=one.pictures, learned=one.learned)
    return _("{words}; enrol anew", words=words) if one.has_drifted else words
