"""Statuses of the school's own: what there are, and who may choose them. Any thread but the store's."""

from dataclasses import dataclass, replace

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import MOST_OFFERED, SchoolStatus
from kiosk.domain.people.students import fold
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.core import Core
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import counts_as, status_words


@dataclass(frozen=True, slots=True)
class UsedStatus:
    """A status, and how many records have it or had it once."""

    status: SchoolStatus
    uses: int


class SchoolStatuses:
    """Keeps them. Everybody may read them: they are on every list."""

    def __init__(self, core: Core) -> None:
        self._store = core.store
        self._clock = core.clock

    def offered(self) -> list[SchoolStatus]:
        """Those that can be chosen, in the order of the four and then of names."""
        return [one for one in self.all() if not one.is_retired]

    def all(self) -> list[SchoolStatus]:
        """Retired ones, too, after the others."""
        return self._store.read(lambda repositories: repositories.school_statuses.all())

    def used(self) -> list[UsedStatus]:
        """The same, each with how many records have it."""

        def query(repositories: Repositories) -> list[UsedStatus]:
            found = repositories.school_statuses.all()
            return [UsedStatus(one, repositories.school_statuses.uses(one.status_id)) for one in found]

        return self._store.read(query)

    def save(self, status: SchoolStatus, *, actor: Actor) -> SchoolStatus:
        """Make one (with the id 0) or change one; what it counts is from then on counted for all of its records.

        Raises:
            ConflictError: It cannot be like this, another has its name or letter, too many are offered, somebody else changed
                it since, or its base changes though records have it.
            NotFoundError: Somebody removed it.
        """
        wanted = status.checked()

        def work(repositories: Repositories) -> SchoolStatus:
            require_within(repositories, actor, Right.ADMINISTER)
            _require_free(repositories, wanted)
            before = repositories.school_statuses.get(wanted.status_id) if wanted.status_id else None
            if before is None or (before.is_retired and not wanted.is_retired):
                _require_room(repositories)
            if before is not None and before.base is not wanted.base:
                _require_unused(repositories, before)
            saved = repositories.school_statuses.put(wanted)
            self._note(repositories, actor, "status.saved", saved)
            return saved

        return self._store.write(work)

    def retire(self, status: SchoolStatus, *, actor: Actor) -> SchoolStatus:
        """Offer it no more; records that have it keep it. Raises as `save`."""

        def work(repositories: Repositories) -> SchoolStatus:
            require_within(repositories, actor, Right.ADMINISTER)
            saved = repositories.school_statuses.put(replace(status, is_retired=True))
            self._note(repositories, actor, "status.retired", saved)
            return saved

        return self._store.write(work)

    def bring_back(self, status: SchoolStatus, *, actor: Actor) -> SchoolStatus:
        """Offer it again. Raises as `save`."""

        def work(repositories: Repositories) -> SchoolStatus:
            require_within(repositories, actor, Right.ADMINISTER)
            _require_room(repositories)
            saved = repositories.school_statuses.put(replace(status, is_retired=False))
            self._note(repositories, actor, "status.brought_back", saved)
            return saved

        return self._store.write(work)

    def remove(self, status: SchoolStatus, *, actor: Actor) -> None:
        """Take one away that no record ever had.

        Raises:
            ConflictError: Records have it or had it, or somebody else changed it since.
            NotFoundError: Somebody removed it.
        """

        def work(repositories: Repositories) -> None:
            require_within(repositories, actor, Right.ADMINISTER)
            if uses := repositories.school_statuses.uses(status.status_id):
                raise ConflictError(
                    ngettext(
                        "{n} record has or had the status “{name}”.",
                        "{n} records have or had the status “{name}”.",
                        uses,
                        n=uses,
                        name=status.name,
                    ),
                    _(
                        "Retire it instead: then nobody can choose it any more, and the records stay as they are."
                    ),
                )
            repositories.school_statuses.remove(status)
            self._note(repositories, actor, "status.removed", status)

        self._store.write(work)

    def _note(self, repositories: Repositories, actor: Actor, action: str, status: SchoolStatus) -> None:
        detail = f"{status.letter}, {status.base.value}, {status.colour.value}, {counts_as(status)}"
        repositories.audit.add(self._clock.now(), actor.name, action, status.name, detail)


def require_offered(repositories: Repositories, status: SchoolStatus) -> None:
    """Raises ConflictError: somebody retired, removed or changed a status since it was chosen from a list."""
    known = repositories.school_statuses.get(status.status_id)
    if known is None or known.is_retired or known.base is not status.base:
        raise ConflictError(
            _("The status “{name}” is not offered any more.", name=status.name),
            _("Choose another one; nothing was changed."),
        )


def _require_free(repositories: Repositories, wanted: SchoolStatus) -> None:
    for one in Status:
        words = status_words(one)
        same_name = fold(wanted.name) in {fold(said) for said in (words.word, words.title, one.value)}
        if same_name or fold(wanted.letter) == fold(words.letter):
            raise ConflictError(
                _(
                    "{word} with the letter {letter} is one of the four that every school has.",
                    word=words.title,
                    letter=words.letter,
                ),
                _("Choose another name and another letter."),
            )
    other = repositories.school_statuses.taken_by(wanted)
    if other is None:
        return
    if other.is_retired:
        raise ConflictError(
            _("“{name}” ({letter}) was retired, and records have it.", name=other.name, letter=other.letter),
            _("Bring it back, or choose another name and another letter."),
        )
    raise ConflictError(
        _("There is “{name}” ({letter}) already.", name=other.name, letter=other.letter),
        _("Choose another name and another letter."),
    )


def _require_room(repositories: Repositories) -> None:
    if sum(not one.is_retired for one in repositories.school_statuses.all()) >= MOST_OFFERED:
        raise ConflictError(
            ngettext(
                "There is room for {n} status of the school’s own.",
                "There is room for {n} statuses of the school’s own.",
                MOST_OFFERED,
                n=MOST_OFFERED,
            ),
            _("Retire one that is not needed any more."),
        )


def _require_unused(repositories: Repositories, before: SchoolStatus) -> None:
    if repositories.school_statuses.uses(before.status_id):
        raise ConflictError(
            _(
                "Records have the status “{name}”, so it stays {base}.",
                name=before.name,
                base=status_words(before.base).word,
            ),
            _("Retire it and make another one instead."),
        )
