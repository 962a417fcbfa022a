"""The question that goes before an answer about face recognition is written down: whose word is it? Main thread."""

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from kiosk.domain.people.consents import STUDENT, AnsweredBy, Answerer, ConsentState
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.fields import LineField
from kiosk.services.people.consents import StudentFaces
from kiosk.translation import _


class AnswerDialog(ConfirmDialog):
    """A yes or a no, with whoever gives it; `accepted` is emitted when it is to be written down."""

    def __init__(
        self, theme: Theme, parent: QWidget, *, title: str, text: str, action: str, given: bool, age: int
    ) -> None:
        """`age` is the one from which students decide by themselves; 0: always."""
        super().__init__(theme, parent, title=title, text=text, action=action, danger=not given)
        self.student = QRadioButton(
            _("The student, {age} years or older", age=age) if given and age else _("The student")
        )
        self.guardian = QRadioButton(_("A parent or guardian"))
        self.name = LineField(theme, _("Name of the parent or guardian"))
        self.name.edit.setMaxLength(200)
        self._group = QButtonGroup(self)
        for choice in (self.student, self.guardian):
            self._group.addButton(choice)
            self.body.addWidget(choice)
        self.body.addWidget(self.name)
        self._group.buttonToggled.connect(lambda _button, _checked: self._allow())
        self.student.setChecked(True)
        self._allow()

    @property
    def answerer(self) -> Answerer:
        """Who was chosen."""
        return Answerer(AnsweredBy.GUARDIAN, self.name.text) if self.guardian.isChecked() else STUDENT

    def say_again(self, who: Answerer) -> None:
        """Choose somebody whose no is to be taken back."""
        (self.guardian if who.by is AnsweredBy.GUARDIAN else self.student).setChecked(True)
        self.name.edit.setText(who.name)

    def _allow(self) -> None:
        self.name.setVisible(self.guardian.isChecked())
        self.adjustSize()
        self.centre()


def says_yes(one: StudentFaces) -> bool:
    """Whether there is a yes to be withdrawn, also one that is to be renewed."""
    return one.standing.state in {ConsentState.YES, ConsentState.RENEW}


def question_for(
    theme: Theme, parent: QWidget, chosen: StudentFaces, *, given: bool, age: int
) -> AnswerDialog:
    """Ask whose yes or no it is; where somebody objects, a yes begins with theirs, which takes it back."""
    name = chosen.student.full_name
    if given:
        title, action = _("Record the consent of {name}?", name=name), _("Record consent")
        text = _("It is written down with your name and the notice in force. Keep the signed paper.")
    else:
        text = _(
            "Pictures ({pictures}) and all templates are deleted at once. This cannot be undone.",
            pictures=chosen.pictures,
        )
        if says_yes(chosen):
            title, action = _("Withdraw the consent of {name}?", name=name), _("Withdraw and delete")
        else:
            title, action = _("Record a no for {name}?", name=name), _("Record the no")
    question = AnswerDialog(theme, parent, title=title, text=text, action=action, given=given, age=age)
    objections = chosen.standing.objections
    if given and objections and objections[-1].answerer is not None:
        question.say_again(objections[-1].answerer)
    return question
