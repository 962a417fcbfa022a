"""People whom the face alone does not tell apart: who, why, since when, and lifting or putting back a pair. Main thread."""

from functools import partial
from typing import Final, assert_never

from PySide6.QtWidgets import QWidget

from kiosk.domain.faces.lookalikes import FacePair, PairOrigin
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import FaceCases
from kiosk.services.core import Core
from kiosk.services.faces.lookalikes import KnownPair
from kiosk.translation import N_, _
from kiosk.wording.actors import actor_name
from kiosk.wording.dates import day_of

WIDTH_PX: Final = 1480
TABLE_PX: Final = 420
HEADINGS: Final = (N_("Who"), N_("And"), N_("Why"), N_("Since"), N_("What follows"))
UNKNOWN: Final = N_("Somebody unknown")
WORDS: Final = N_(
    "In a class that both are in, the face alone marks neither of them: both scan the code. A look-alike ends when new "
    "pictures are farther apart; a correction ends when the face is enrolled anew and no earlier picture is left."
)

NONE: Final = N_(
    "No pair is known. Pairs are looked for whenever faces are enrolled; where the school only verifies faces, when you say so."
)


class LookalikesDialog(WorkDialog):
    """All pairs, the closest first."""

    def __init__(
        self,
        core: Core,
        faces: FaceCases,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Look-alikes"), parent, width=WIDTH_PX)
        self._core = core
        self._faces = faces
        self._actor = actor
        self._pairs: list[KnownPair] = []
        self.question: ConfirmDialog | None = None
        self.table = ResultTable(theme, tuple(map(_, HEADINGS)), name=_("Pairs"), height=TABLE_PX, wide=2)
        self._none = Text(_(NONE), wrap=True)
        self.form.addWidget(Text(_(WORDS), TextStyle.CAPTION, Tone.MUTED, wrap=True))
        self.form.addWidget(self._none)
        self.form.addWidget(self.table)
        self.compare_button = self.add_button(
            SecondaryButton(_("Compare all faces now…")), self._ask_to_compare
        )
        self.change_button = self.add_button(SecondaryButton(_("Trust the face…")), self._ask)
        self.table.itemSelectionChanged.connect(self._allow)
        self._show([])
        self.tasks.run(
            lambda: faces.lookalikes.listed(actor=actor), then=self._show, failed=self.banner.show_error
        )

    @property
    def chosen(self) -> KnownPair | None:
        """The pair whose row is selected."""
        return self.table.chosen(self._pairs)

    def _show(self, pairs: list[KnownPair], select: int = 0) -> None:
        self._pairs = pairs
        self._none.setVisible(not pairs)
        self.table.setVisible(bool(pairs))
        self.table.show_rows(
            [(Tone.MUTED if one.pair.is_lifted else Tone.TEXT, self._cells(one)) for one in pairs]
        )
        self.table.select([one.pair.pair_id for one in pairs], select)
        self._allow()

    def _cells(self, one: KnownPair) -> tuple[str, ...]:
        pair = one.pair
        models = {known.pair.model for known in self._pairs if known.pair.origin is PairOrigin.LOOKALIKE}
        found = f"{day_of(pair.found_at, self._core.zone)}, {actor_name(pair.found_by)}"
        if pair.is_lifted:
            follows = _("{lifted_by} trusts the face", lifted_by=actor_name(pair.lifted_by or ""))
        else:
            follows = _("Scans") if one.other is None else _("Both scan")
        return (
            _name(one.student.full_name, one.student.student_no),
            _other(one),
            _why(pair, with_model=len(models) > 1),
            found,
            follows,
        )

    def _allow(self) -> None:
        chosen = self.chosen
        self.change_button.setVisible(chosen is not None)
        lifted = chosen is not None and chosen.pair.is_lifted
        self.change_button.setText(_("Ask to scan again") if lifted else _("Trust the face…"))

    def _ask(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        if chosen.pair.is_lifted:
            self._change(chosen, lift=False)
            return
        one = chosen.student.full_name
        two = chosen.other.full_name if chosen.other is not None else _("somebody else")
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Trust the face alone?"),
            text=_(
                "You say that {one} and {two} are different people, and accept the risk that the camera marks one for "
                "the other. It is written to the log as your decision.",
                one=one,
                two=two,
            ),
            action=_("Accept the risk"),
            danger=True,
        )
        self.question.accepted.connect(partial(self._change, chosen, lift=True))

    def _ask_to_compare(self) -> None:
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Compare all faces now?"),
            text=_(
                "The stored pictures of everybody who consented are compared with each other, once. Where the school only "
                "verifies faces this happens at no other time. It is written to the log as your decision."
            ),
            action=_("Compare"),
        )
        self.question.accepted.connect(self._compare)

    def _compare(self) -> None:
        def work() -> list[KnownPair]:
            self._faces.lookalikes.compare(actor=self._actor)
            return self._faces.lookalikes.listed(actor=self._actor)

        def then(pairs: list[KnownPair]) -> None:
            self._show(pairs)
            self.banner.say(_("All faces were compared."), tone=Tone.PRESENT)

        self.start(work, words=_("Comparing…"), then=then)

    def _change(self, chosen: KnownPair, *, lift: bool) -> None:
        pair_id = chosen.pair.pair_id

        def work() -> list[KnownPair]:
            change = self._faces.lookalikes.lift if lift else self._faces.lookalikes.put_back
            change(pair_id, actor=self._actor)
            return self._faces.lookalikes.listed(actor=self._actor)

        def then(pairs: list[KnownPair]) -> None:
            self._show(pairs, pair_id)
            words = (
                _("From now on the face alone counts again.")
                if lift
                else _("From now on they scan the code.")
            )
            self.banner.say(words, tone=Tone.PRESENT)

        self.start(work, words=_("Writing…"), then=then)


def _name(full_name: str, student_no: str) -> str:
    return f"{full_name} · {student_no}"


def _other(one: KnownPair) -> str:
    return _(UNKNOWN) if one.other is None else _name(one.other.full_name, one.other.student_no)


def _why(pair: FacePair, *, with_model: bool) -> str:
    distance = f" · {pair.distance:.2f}" if pair.distance is not None else ""
    match pair.origin:
        case PairOrigin.CORRECTION:
            return _("The camera was wrong{distance}", distance=distance)
        case PairOrigin.LOOKALIKE:
            words = _("Same person enrolled twice?") if pair.same_person else _("They look alike")
            return f"{words}{distance}" + (f" ({pair.model})" if with_model else "")
        case _:
            assert_never(pair.origin)
