"""Reading the notice about face recognition, and publishing a new version of it. Main thread."""

from functools import partial

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from kiosk.domain.people.notices import Notice
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import PeopleCases
from kiosk.services.school.school_settings import School
from kiosk.translation import _, ngettext
from kiosk.wording.dates import numeric_day

TEXT_PX = 300


class ConsentNoticeDialog(WorkDialog):
    """The text in force can be changed; a change is a new version, which all have to answer anew."""

    def __init__(
        self, people: PeopleCases, school: School, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, _("Notice about face recognition"), parent)
        self._people = people
        self._school = school
        self._actor = actor
        self._current: Notice | None = None
        self._days = 0
        self.question: ConfirmDialog | None = None
        words = _(
            "What students and parents are told before they answer. It stands on letters and on the phone’s pages; each answer "
            "keeps the version and a digest of the text that it answers."
        )
        self.form.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
        self.version = Text(style=TextStyle.STRONG, wrap=True)
        self.form.addWidget(self.version)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(_("Notice"))
        self.text.setFixedHeight(theme.px(TEXT_PX))
        self.text.setTabChangesFocus(True)
        self.form.addWidget(self.text)
        self.publish_button = self.add_button(PrimaryButton(_("Publish…")), self._ask)
        self.publish_button.setEnabled(False)
        self.text.textChanged.connect(self._allow)
        self.tasks.run(
            lambda: (people.notices.current(), school.rules().consent_renewal_days),
            then=self._show,
            failed=self.banner.show_error,
        )

    def _show(self, found: tuple[Notice, int]) -> None:
        self._current, self._days = notice, _unused = found
        self.version.setText(
            _(
                "Version {version}, published on {day} by {who}",
                version=notice.version,
                who=notice.published_by,
                day=numeric_day(notice.published_at),
            )
            if notice.published_at is not None
            else _("Version {version}: the program’s own text", version=notice.version)
        )
        self.text.setPlainText(notice.text)

    def _allow(self) -> None:
        changed = self._current is not None and self.text.toPlainText().strip() != self._current.text
        self.publish_button.setEnabled(changed and not self.busy)

    def _ask(self) -> None:
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Publish this notice?"),
            text=ngettext(
                "Everybody who said yes is to answer anew. Their faces are recognised for {n} more day, and then not until they do.",
                "Everybody who said yes is to answer anew. Their faces are recognised for {n} more days, and then not until they do.",
                self._days,
                n=self._days,
            ),
            action=_("Publish"),
        )
        self.question.accepted.connect(self._publish)

    def _publish(self) -> None:
        def then(notice: Notice) -> None:
            self._show((notice, self._days))
            until = numeric_day(notice.renew_by) if notice.renew_by is not None else ""
            self.banner.say(
                _("Version {version} is published.", version=notice.version),
                _("Older answers are used until {day}. Print the letters now.", day=until),
                Tone.PRESENT,
            )

        self.start(
            partial(self._people.notices.publish, self.text.toPlainText(), actor=self._actor),
            words=_("Writing…"),
            then=then,
        )
