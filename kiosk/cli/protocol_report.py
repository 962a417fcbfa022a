"""What `kiosk evaluate` prints of pairs and drawn rosters: one JSON object, or lines for a person."""

from collections.abc import Mapping
from typing import Any, Final

from kiosk.cli.evaluation_report import limits_object
from kiosk.domain.faces.error_rates import Interval, Rate
from kiosk.domain.faces.protocols.rosters import MeasuredRate
from kiosk.services.faces.evaluation.protocols import PairsReport, ProtocolReport, RostersReport
from kiosk.services.faces.rate_words import percent
from kiosk.translation import N_, _, ngettext

METHODS: Final = {
    "faces": N_(
        "One face a picture: the largest one that holds the middle of the picture, else the one closest to it. None is refused "
        "for its quality. A picture without a face counts as an error of its person, and is no stranger."
    ),
    "pairs": N_(
        "Each fold is judged at the threshold that is right most often in the other folds; a pair with a face that was not "
        "found counts as wrong. FMR over all pairs of pictures of different people in the folder, FNMR over the list's pairs "
        "of one person."
    ),
    "roster": N_(
        "People with more pictures than are enrolled are drawn first, and looked for with all others; people with just as "
        "many fill the roster. Each picture is one search, judged as one frame is, without a vote. FNIR at an FPIR is that of "
        "accept alone, without reject and margin."
    ),
}
"""How it was measured, by what was."""

WILSON: Final = "wilson"
PEOPLE: Final = "bootstrap over people; wilson over people where the rate is 0 or 1"
ROSTERS: Final = "bootstrap over people and rosters; wilson over people where the rate is 0 or 1"

_STRANGERS: Final = ("fpir", "strangers_ambiguous")


def protocol_object(report: ProtocolReport) -> dict[str, Any]:
    """What ``--json`` prints."""
    faces = report.faces
    answer: dict[str, Any] = {
        "model": report.model.known_as,
        "detector": report.detector,
        "people": len(faces.names),
        "pictures": len(faces.pictures),
        "missed": len(faces.pictures) - int(faces.found.sum()),
        "intervals": {},
        "interval_methods": {},
        "method": {"faces": _(METHODS["faces"])},
    }
    if report.pairs is not None:
        _add(answer, _pairs_object(report.pairs))
        answer["method"]["pairs"] = _(METHODS["pairs"])
    if report.rosters is not None:
        _add(answer, _rosters_object(report.rosters))
        answer["method"]["roster"] = _(METHODS["roster"])
    answer["same_file"] = [list(names) for names in faces.twice]
    answer["failures_to_acquire"] = [{"picture": one.picture, "reason": one.reason} for one in faces.failures]
    return answer


def protocol_lines(report: ProtocolReport) -> list[str]:
    """What a person reads."""
    faces = report.faces
    missed = len(faces.pictures) - int(faces.found.sum())
    lines = [
        ngettext(
            "{name}, faces found by {detector}: {n:,} picture of {people:,} people, no face found in {missed:,}.",
            "{name}, faces found by {detector}: {n:,} pictures of {people:,} people, no face found in {missed:,}.",
            len(faces.pictures),
            name=report.model.known_as,
            detector=report.detector,
            n=len(faces.pictures),
            people=len(faces.names),
            missed=missed,
        ),
        *(
            _("{second} is the same file as {first}.", second=second, first=first)
            for first, second in faces.twice
        ),
        _(METHODS["faces"]),
    ]
    if report.pairs is not None:
        lines += ["", *_pairs_lines(report.pairs)]
    if report.rosters is not None:
        lines += ["", *_rosters_lines(report.rosters)]
    return lines


def _add(answer: dict[str, Any], more: dict[str, Any]) -> None:
    for key in ("intervals", "interval_methods"):
        answer[key] |= more.pop(key)
    answer.update(more)


def _pairs_object(report: PairsReport) -> dict[str, Any]:
    rates = report.rates
    fnmr = {_shown(fmr): _value(rate) for fmr, rate in rates.fnmr.items()}
    return {
        "pairs": report.pairs,
        "pairs_missed": report.missed,
        "impostor_pairs": report.impostors,
        "accuracy": rates.accuracy,
        "accuracy_sd": rates.accuracy_sd,
        "folds": [
            {"accuracy": share, "threshold": limit}
            for share, limit in zip(rates.folds, rates.limits, strict=True)
        ],
        "eer": rates.eer,
        "fnmr_at_fmr": fnmr,
        "threshold_at_fmr": {_shown(fmr): limit for fmr, limit in rates.thresholds.items()},
        "closest": [[one, other, round(distance, 6)] for one, other, distance in report.closest],
        "intervals": {
            "accuracy": _ends(rates.accuracy_interval),
            "eer": _ends(rates.eer_interval),
            "fnmr_at_fmr": {
                _shown(fmr): None if rates.fnmr[fmr] is None else _ends(interval)
                for fmr, interval in rates.fnmr_intervals.items()
            },
        },
        "interval_methods": {"accuracy": WILSON, "eer": PEOPLE, "fnmr_at_fmr": PEOPLE},
    }


def _rosters_object(report: RostersReport) -> dict[str, Any]:
    plan, rates = report.plan, report.rates
    named, at = rates.by_name, rates.fnir_at
    rank1 = named["rank1_misses"]
    shown = [name for name in named if name != "rank1_misses"]
    return {
        "roster": plan.people,
        "enrol": plan.enrol,
        "draws": plan.draws,
        "seed": plan.seed,
        "probes": rank1.rate.trials,
        "stranger_searches": named["fpir"].rate.trials,
        "rank1": None if rank1.rate.value is None else 1 - rank1.rate.value,
        **{name: named[name].rate.value for name in shown},
        "thresholds": limits_object(report.thresholds),
        "fnir_at_fpir": {_shown(fpir): None if one is None else one.rate.value for fpir, one in at.items()},
        "intervals": {
            "rank1": [1 - rank1.interval.high, 1 - rank1.interval.low],
            **{name: _ends(named[name].interval) for name in shown},
            "fnir_at_fpir": {
                _shown(fpir): None if one is None else _ends(one.interval) for fpir, one in at.items()
            },
        },
        "interval_methods": dict.fromkeys(["rank1", *shown, "fnir_at_fpir"], ROSTERS),
    }


def _pairs_lines(report: PairsReport) -> list[str]:
    rates = report.rates
    return [
        _(
            "{pairs:,} pairs, {missed:,} of them with a face that was not found.",
            pairs=report.pairs,
            missed=report.missed,
        ),
        _(
            "Judged rightly                  {accuracy}, standard deviation over the folds {sd} (95 % interval {low} to {high})",
            accuracy=percent(rates.accuracy),
            sd=percent(rates.accuracy_sd),
            low=percent(rates.accuracy_interval.low),
            high=percent(rates.accuracy_interval.high),
        ),
        _(
            "Equal error rate (EER)          {eer} (95 % interval {low} to {high})",
            eer=percent(rates.eer),
            low=percent(rates.eer_interval.low),
            high=percent(rates.eer_interval.high),
        ),
        *(
            _(
                "One person not matched (FNMR)   {fnmr} where {fmr} of different people match (95 % interval {low} to {high})",
                fnmr=percent(rate.value or 0.0),
                fmr=percent(fmr),
                low=percent(rates.fnmr_intervals[fmr].low),
                high=percent(rates.fnmr_intervals[fmr].high),
            )
            for fmr, rate in rates.fnmr.items()
            if rate is not None
        ),
        *(
            _("Too few pictures to show the FNMR where {fmr} of different people match.", fmr=percent(fmr))
            for fmr, rate in rates.fnmr.items()
            if rate is None
        ),
        _("{pairs:,} pairs of different people in the folder. The closest are:", pairs=report.impostors),
        *(
            _("{one} and {other} (distance {distance:.3f})", one=one, other=other, distance=distance)
            for one, other, distance in report.closest
        ),
        _(METHODS["pairs"]),
        _(
            "Intervals: Wilson's for the pairs judged rightly; for EER and FNMR the people are drawn anew (bootstrap), and "
            "where nothing or everything was wrong it is Wilson's over the people."
        ),
    ]


def _rosters_lines(report: RostersReport) -> list[str]:
    plan, rates, limits = report.plan, report.rates, report.thresholds
    return [
        _(
            "Rosters of {people:,}, {enrol} enrolled of each, {draws:,} drawn (seed {seed}): accept {accept:.3f}, "
            "reject {reject:.3f}, margin {margin:.3f}.",
            people=plan.people,
            enrol=plan.enrol,
            draws=plan.draws,
            seed=plan.seed,
            accept=limits.accept,
            reject=limits.reject,
            margin=limits.margin,
        ),
        *(_(text, rate=_rate_words(rates.by_name[name])) for name, text in RATE_LINES.items()),
        *_at_lines(rates.fnir_at),
        _(METHODS["roster"]),
        _(
            "Intervals: people and rosters are drawn anew (bootstrap); where nothing or everything was wrong, Wilson's."
        ),
    ]


RATE_LINES: Final = {
    "rank1_misses": N_("Somebody else in front          {rate}"),
    "fnir": N_("Not recognised (FNIR)           {rate}"),
    "wrong": N_("… of them named wrongly         {rate}"),
    "ambiguous": N_("… of them asked to scan         {rate}"),
    "fpir": N_("Stranger accepted (FPIR)        {rate}"),
    "strangers_ambiguous": N_("Stranger asked to scan          {rate}"),
}
"""By the name of a rate."""


def _at_lines(at: Mapping[float, MeasuredRate | None]) -> list[str]:
    return [
        _("Too few strangers to show the FNIR at an FPIR of {fpir}.", fpir=percent(fpir))
        if one is None
        else _("Not recognised at FPIR {fpir:<7} {rate}", fpir=percent(fpir), rate=_rate_words(one))
        for fpir, one in at.items()
    ]


def _rate_words(measured: MeasuredRate) -> str:
    rate = measured.rate
    if rate.value is None:
        return _("not measured")
    return _(
        "{errors:,} of {trials:,}, {rate} (95 % interval {low} to {high})",
        errors=rate.errors,
        trials=rate.trials,
        rate=percent(rate.value),
        low=percent(measured.interval.low),
        high=percent(measured.interval.high),
    )


def _shown(share: float) -> str:
    return f"{share:.4f}".rstrip("0")


def _value(rate: Rate | None) -> float | None:
    return None if rate is None else rate.value


def _ends(interval: Interval) -> list[float]:
    return [interval.low, interval.high]
