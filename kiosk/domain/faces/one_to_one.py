"""Thresholds of 1:1 verification: a face against the templates of the one student who says to be there. Pure; any thread.

A search needs thresholds that grow stricter with the roster, for the more people a face is compared with, the closer one of
them comes by chance. Verification is one comparison, so its threshold is a distance at which few other people match: `FMR` of
them, by the model's measured spread. Where several students are awaited at once each face is compared with each of them, and
the rate is shared out, so that a face passes for *any* of them no more often than that.
"""

from typing import Final

from kiosk.domain.faces.recognition import Match, ModelInfo, Outcome, Thresholds

FMR: Final = 1e-3
"""False match rate (ISO/IEC 19795-1) of one face against everybody it is compared with at that moment."""


def verification_distance(model: ModelInfo, in_use: Thresholds, *, templates: int, awaited: int = 1) -> float:
    """The largest distance at which a face counts as the student's.

    Args:
        model: Whose templates they are.
        in_use: What the school has in force for a roster of one; what it made stricter than the model's own stays as much stricter.
        templates: How many the student has: with the closest of many an impostor comes closer.
        awaited: With how many students the face is compared.
    """
    own = model.thresholds_for(1)
    lone = own.accept - own.margin
    if model.spread is not None:
        measured = model.spread.impostor_of(max(1, templates)).distances_at([FMR / max(1, awaited)])
        lone = float(measured[0])
    return max(0.0, lone - max(0.0, own.accept - in_use.accept))


def verify(match: Match | None, limit: float) -> Outcome:
    """What one comparison says: the student, or somebody else. There is no runner-up, and nothing in between."""
    return Outcome.ACCEPTED if match is not None and match.distance <= limit else Outcome.UNKNOWN
