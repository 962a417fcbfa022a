"""Terms and holidays of the school."""

from kiosk.domain.courses.terms import Holiday, Span, Term
from kiosk.domain.people.students import clean_text
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.core import Core
from kiosk.services.courses.timetables import timetable_queries
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _, ngettext


class SchoolYear:
    """Keeps them; everybody may look."""

    def __init__(self, core: Core) -> None:
        self._store = core.store
        self._clock = core.clock

    def terms(self) -> list[Term]:
        """The newest first."""
        return self._store.read(lambda repositories: timetable_queries(repositories).terms())

    def holidays(self) -> list[Holiday]:
        """By first day, past ones, too."""
        return self._store.read(lambda repositories: timetable_queries(repositories).holidays())

    def save_term(self, term: Term, *, actor: Actor) -> Term:
        """Make a term (with the id 0) or change one.

        Raises:
            ConflictError: It has no name or another's, or ends before it begins.
            NotFoundError: Somebody removed it.
        """

        def work(repositories: Repositories) -> Term:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            saved = timetable_queries(repositories).put_term(Term(term.term_id, _clean(term.span)))
            repositories.audit.add(self._clock.now(), actor.name, "term.saved", saved.name, _days(saved.span))
            return saved

        return self._store.write(work)

    def remove_term(self, term: Term, *, actor: Actor) -> None:
        """Take a term away that no course belongs to. Raises ConflictError: some do."""

        def work(repositories: Repositories) -> None:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            queries = timetable_queries(repositories)
            if number := queries.courses_in(term.term_id):
                raise ConflictError(
                    ngettext(
                        "{n} course belongs to “{name}”.",
                        "{n} courses belong to “{name}”.",
                        number,
                        n=number,
                        name=term.name,
                    ),
                    _("Give those courses another term first; archived ones count, too."),
                )
            queries.remove_term(term.term_id)
            repositories.audit.add(self._clock.now(), actor.name, "term.removed", term.name, _days(term.span))

        self._store.write(work)

    def save_holiday(self, holiday: Holiday, *, actor: Actor) -> Holiday:
        """Make a holiday (with the id 0) or change one.

        Raises:
            ConflictError: It has no name, or ends before it begins.
            NotFoundError: Somebody removed it.
        """

        def work(repositories: Repositories) -> Holiday:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            saved = timetable_queries(repositories).put_holiday(
                Holiday(holiday.holiday_id, _clean(holiday.span))
            )
            repositories.audit.add(
                self._clock.now(), actor.name, "holiday.saved", saved.name, _days(saved.span)
            )
            return saved

        return self._store.write(work)

    def remove_holiday(self, holiday: Holiday, *, actor: Actor) -> None:
        """Take a holiday away; saving it again with the id 0 brings it back."""

        def work(repositories: Repositories) -> None:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            gone = timetable_queries(repositories).remove_holiday(holiday.holiday_id)
            if gone is not None:
                repositories.audit.add(
                    self._clock.now(), actor.name, "holiday.removed", gone.name, _days(gone.span)
                )

        self._store.write(work)


def _clean(span: Span) -> Span:
    return Span(clean_text(span.name), span.first_day, span.last_day).checked()


def _days(span: Span) -> str:
    return f"{span.first_day.isoformat()} to {span.last_day.isoformat()}"
