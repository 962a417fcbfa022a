"""The school's rules and each model's calibrated thresholds, kept in the database."""

from dataclasses import dataclass
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
        thresholds: In force.
        origin: `DEFAULT` for the model's own, or words about the calibration.
        since: When they came into force; None for the model's own.
    """

    thresholds: Thresholds
    origin: str
    since: datetime | None = None

    @property
    def are_models_own(self) -> bool:
        """Whether nobody has calibrated."""
        return self.origin == DEFAULT


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

        def work(repositories: Repositories) -> None:
            # Compared as text: a stored value that is out of bounds must not keep a better one out.
            old = SchoolRules().to_texts() | repositories.school_settings.all()
            changed = {name: value for name, value in rules.to_texts().items() if old[name] != value}
            for name, value in changed.items():
                repositories.school_settings.put(name, value)
                repositories.audit.add(self._clock.now(), actor.name, "rule.changed", name, value)

        self._store.write(work)

    def thresholds(self, model: ModelInfo) -> ThresholdsInUse:
        """The model's calibrated thresholds, or its defaults."""
        texts = self._store.read(lambda repositories: repositories.school_settings.all())
        prefix = f"thresholds.{model.name}."
        try:
            stored = Thresholds(*(float(texts[prefix + name]) for name in ("accept", "reject", "margin")))
        except (KeyError, ValueError):
            return ThresholdsInUse(model.thresholds, DEFAULT)
        since = texts.get(prefix + "since")
        return ThresholdsInUse(
            stored,
            texts.get(prefix + "origin", "calibrated"),
            datetime.fromisoformat(since) if since else None,
        )

    def use_thresholds(
        self,
        model: ModelInfo,
        thresholds: Thresholds,
        *,
        origin: str,
        actor: Actor,
        since: datetime | None = None,
    ) -> None:
        """Put calibrated thresholds of a model into force; `since` when they are former ones that come back."""
        require(self._store, actor, Right.ADMINISTER)
        now = self._clock.now()
        prefix = f"thresholds.{model.name}."
        values = {
            "accept": f"{thresholds.accept:.6f}",
            "reject": f"{thresholds.reject:.6f}",
            "margin": f"{thresholds.margin:.6f}",
            "origin": origin,
            "since": (since or now).isoformat(),
        }

        def work(repositories: Repositories) -> None:
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

    def forget_thresholds(self, model: ModelInfo, *, actor: Actor) -> None:
        """Go back to the model's own thresholds."""
        require(self._store, actor, Right.ADMINISTER)
        now = self._clock.now()
        prefix = f"thresholds.{model.name}."

        def work(repositories: Repositories) -> None:
            names = [prefix + name for name in ("accept", "reject", "margin", "origin", "since")]
            if all(repositories.school_settings.get(name) is None for name in names):
                return
            for name in names:
                repositories.school_settings.remove(name)
            repositories.audit.add(now, actor.name, "thresholds.changed", model.name, "the model's own")

        self._store.write(work)
