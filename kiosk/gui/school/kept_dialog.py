"""What is kept, why, how long, and what goes next. Main thread; counting runs in a task."""

from PySide6.QtWidgets import QWidget

from kiosk.domain.school.kept_lines import KeptLine
from kiosk.domain.trust.rights import Actor
from kiosk.gui.school.kept_words import WHAT, WHY, next_words, term_words
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.school.kept_data import KeptData
from kiosk.translation import _

WIDTH_PX = 1000
TABLE_PX = 470


class KeptDialog(WorkDialog):
    """A table, and for the chosen line why it is kept."""

    def __init__(self, kept: KeptData, theme: Theme, actor: Actor, parent: QWidget | None = None) -> None:
        super().__init__(theme, _("What is kept, and how long"), parent, width=WIDTH_PX)
        self._lines: list[KeptLine] = []
        words = _(
            "The kiosk deletes by itself once a day, never during a class. How long is a rule of the school: Settings → Privacy and retention."
        )
        self.form.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
        self.table = ResultTable(
            theme,
            (_("What"), _("Number"), _("How long"), _("Goes next")),
            name=_("What is kept"),
            height=TABLE_PX,
            wide=0,
        )
        self.form.addWidget(self.table)
        self.why = Text(style=TextStyle.BODY, wrap=True)
        self.why.setMinimumHeight(theme.px(56))
        self.form.addWidget(self.why)
        self.table.itemSelectionChanged.connect(self._explain)
        self.tasks.run(lambda: kept.lines(actor=actor), then=self._show, failed=self.banner.show_error)

    def _show(self, lines: list[KeptLine]) -> None:
        self._lines = lines
        self.table.show_rows(
            [
                (
                    Tone.TEXT if line.number else Tone.MUTED,
                    (_(WHAT[line.kind]), str(line.number), term_words(line), next_words(line)),
                )
                for line in lines
            ]
        )
        if lines:
            self.table.selectRow(0)
        self._explain()

    def _explain(self) -> None:
        chosen = self.table.chosen(self._lines)
        self.why.setText(_(WHY[chosen.kind]) if chosen is not None else "")
