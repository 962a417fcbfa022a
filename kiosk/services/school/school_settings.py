"""The school's rules and each model's calibrated thresholds, kept in the database."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from kiosk.domain.faces.recognition import ModelInfo, Thresholds
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories, Store

DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class ThresholdsInUse:
    """What decides, and why.

    Attributes:
        model: Whose thresholds these are.
        origin: `DEFAULT` for the model's own, or words about the calibration.
        stored: What the school put into force; None: the model's own decide.
        since: When that came into force; None for the model's own.
        fitted_to: How many people `stored` was fitted to; 0: it counts for every roster as it is; None: an earlier version
            stored it, which fitted it to pictures of one sitting.
        people: For how many enrolled people `thresholds` are.
    """

    model: ModelInfo
    origin: str = DEFAULT
    stored: Thresholds | None = None
    since: datetime | None = None
    fitted_to: int | None = None
    people: int = 0

    @property
    def are_models_own(self) -> bool:
        """Whether nobody has calibrated."""
        return self.stored is None

    @property
    def are_of_earlier_version(self) -> bool:
        """Whether they were fitted in the way that turned most students away on other days."""
        return self.stored is not None and self.fitted_to is None

    @property
    def thresholds(self) -> Thresholds:
        """In force for a roster of `people`.

        What was fitted to one roster is as much stricter than the model's own for another roster as it was there.
        """
        own = self.model.thresholds_for(self.people)
        if self.stored is None:
            return own
        if not self.fitted_to:
            return self.stored
        there = self.model.thresholds_for(self.fitted_to)
        accept, reject, margin = (
            max(0.0, one + (mine - theirs))
            for one, mine, theirs in zip(self.stored.numbers, own.numbers, there.numbers, strict=True)
        )
        return Thresholds(accept, max(accept, reject), margin)

    def for_roster(self, people: int) -> "ThresholdsInUse":
        """The same for a roster in which so many people are enrolled."""
        return replace(self, people=people)


class School:
    """Reads and changes what all kiosks of the school share."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def rules(self) -> SchoolRules:
        """The rules in force. Raises SettingsError: a stored value is out of bounds."""
        return SchoolRules.from_texts(
            self._store.read(lambda repositories: repositories.school_settings.all())
        )

    def change_rules(self, rules: SchoolRules, *, actor: Actor) -> None:
        """Put rules into force for the sessions that start from now on."""
        require(self._store, actor, Right.ADMINISTER)
        now = self._clock.now()
        self._store.write(lambda repositories: put_rules(repositories, rules, at=now, actor=actor))

    def thresholds(self, model: ModelInfo, *, people: int = 0) -> ThresholdsInUse:
        """The model's calibrated thresholds, or its defaults, for a roster in which so many people are enrolled."""
        texts = self._store.read(lambda repositories: repositories.school_settings.all())
        prefix = f"thresholds.{model.name}."
        try:
            stored = Thresholds(*(float(texts[prefix + name]) for name in ("accept", "reject", "margin")))
            fitted_to = int(texts[prefix + "people"]) if prefix + "people" in texts else None
        except (KeyError, ValueError):
            return ThresholdsInUse(model, people=people)
        since = texts.get(prefix + "since")
        return ThresholdsInUse(
            model,
            texts.get(prefix + "origin", "calibrated"),
            stored,
            datetime.fromisoformat(since) if since else None,
            fitted_to,
            people,
        )

    def models_calibrated_earlier(self) -> frozenset[str]:
        """Names of models whose thresholds an earlier version fitted to pictures of one sitting."""
        names = self._store.read(lambda repositories: repositories.school_settings.all()).keys()
        fitted = {name.removesuffix(".accept") for name in names if name.endswith(".accept")}
        return frozenset(
            one.removeprefix("thresholds.")
            for one in fitted
            if one.startswith("thresholds.") and one + ".people" not in names
        )

    def use_thresholds(
        self,
        model: ModelInfo,
        thresholds: Thresholds,
        *,
        origin: str,
        actor: Actor,
        fitted_to: int | None = 0,
        since: datetime | None = None,
    ) -> None:
        """Put thresholds of a model into force.

        Args:
            model: Whose they are.
            thresholds: For a roster of `fitted_to` people.
            origin: Where they come from, in words.
            actor: Who does it.
            fitted_to: As in `ThresholdsInUse`.
            since: When they are former ones that come back.
        """
        require(self._store, actor, Right.ADMINISTER)
        now = self._clock.now()
        prefix = f"thresholds.{model.name}."
        values = {
            "accept": f"{thresholds.accept:.6f}",
            "reject": f"{thresholds.reject:.6f}",
            "margin": f"{thresholds.margin:.6f}",
            "origin": origin,
            "since": (since or now).isoformat(),
        } | ({} if fitted_to is None else {"people": str(fitted_to)})

        def work(repositories: Repositories) -> None:
            repositories.school_settings.remove(prefix + "people")
            for name, value in values.items():
                repositories.school_settings.put(prefix + name, value)
            repositories.audit.add(
                now,
                actor.name,
                "thresholds.changed",
                model.name,
                f"accept {values['accept']}, reject {values['reject']}, margin {values['margin']}",
            )

        self._store.write(work)

    def forget_thresholds(self, model: str, *, actor: Actor) -> None:
        """Go back to the own thresholds of a model of this name."""
        require(self._store, actor, Right.ADMINISTER)
        now = self._clock.now()
        prefix = f"thresholds.{model}."

        def work(repositories: Repositories) -> None:
            names = [prefix + name for name in ("accept", "reject", "margin", "origin", "since", "people")]
            if all(repositories.school_settings.get(name) is None for name in names):
                return
            for name in names:
                repositories.school_settings.remove(name)
            repositories.audit.add(now, actor.name, "thresholds.changed", model, "the model's own")

        self._store.write(work)

    def forget_earlier_thresholds(self, *, actor: Actor) -> None:
        """Go back to the own thresholds of all models that an earlier version calibrated."""
        require(self._store, actor, Right.ADMINISTER)
        for name in sorted(self.models_calibrated_earlier()):
            self.forget_thresholds(name, actor=actor)


def put_rules(repositories: Repositories, rules: SchoolRules, *, at: datetime, actor: Actor) -> None:
    """Put rules into force within a transaction of somebody who may."""
    # Compared as text: a stored value that is out of bounds must not keep a better one out.
    old = SchoolRules().to_texts() | repositories.school_settings.all()
    changed = {name: value for name, value in rules.to_texts().items() if old[name] != value}
    for name, value in changed.items():
        repositories.school_settings.put(name, value)
        repositories.audit.add(at, actor.name, "rule.changed", name, value)
