"""Chooses thresholds and says what each way of comparing gains, on a folder of people (by default the half of LFW to choose on).

    .venv/bin/python -m tests.benchmarks.tune_recognition --models DIR --cache DIR [--model M] [--beside M2 [--weight W]]

Prints Markdown tables: FNIR at FPIR 1 % and 0.1 % of rosters of 30, 100 and 300 with one to five pictures a person, for each way
of comparing; accept, reject and margin that keep FPIR at or below 0.1 %; what the vote over frames that depend on each other
does to both errors; and, with a second network beside, what both together reach by weight. Embedding takes minutes, once.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.calibration import TARGET_FPIR
from kiosk.domain.faces.protocols.rosters import RosterDraw, RosterPlan, draw_rosters
from kiosk.domain.faces.recognition import (
    Match,
    Metric,
    Outcome,
    Thresholds,
    Vote,
    VotingRule,
    decide,
    judge,
)
from tests.benchmarks.embedded_people import EmbeddedPeople, arguments, embedded_people

SIZES: Final = (30, 100, 300)
PICTURES: Final = (1, 2, 3, 4, 5)
DRAWS: Final = 20
SEED: Final = 11
MAX_WRONG: Final = 0.0005
ASKED: Final = 0.05
"""Share of strangers who may be asked to scan at reject."""
RULE: Final = VotingRule()
FRAME_S: Final = 0.1
WEIGHTS: Final = tuple(place / 10 for place in range(11))

SAME_PERSON: Final = (
    ("Chyung_Dai-chul", "Dai_Chul_Chyung"),
    ("Hasan_Wirayuda", "Hassan_Wirajuda"),
    ("Gabrielle_Rose", "Martha_Bowen"),
    ("Cristina_Fernandez", "Cristina_Kirchner"),
    ("Flor_Montulo", "Nora_Bendijo"),
)
"""One person under two names in LFW, seen by looking at the closest pairs; the second is left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Searches of many draws; all arrays are (searches,)."""

    best: NDArray[np.float64]
    runner_up: NDArray[np.float64]
    right: NDArray[np.bool_]
    mated: NDArray[np.bool_]

    def fnir_at(self, fpir: float) -> float:
        """Where accept alone gives that FPIR."""
        accept = self.accept_for(fpir, 0.0)
        return float(1 - (self.right & (self.best < accept))[self.mated].mean())

    def accept_for(self, fpir: float, margin: float) -> float:
        """Below it at most this share of strangers is accepted, those with a runner-up within the margin left out."""
        strangers = ~self.mated
        clear = np.sort(self.best[strangers & (self.runner_up - self.best >= margin)])
        allowed = int(fpir * strangers.sum())
        return float(clear[allowed]) if allowed < len(clear) else float(self.best.max())

    def rates(self, accept: float, margin: float) -> tuple[float, float, float]:
        """(FNIR, wrong names, FPIR)."""
        accepted = (self.best < accept) & (self.runner_up - self.best >= margin)
        mated = self.mated
        return (
            float(1 - (accepted & self.right)[mated].mean()),
            float((accepted & ~self.right)[mated].mean()),
            float(accepted[~mated].mean()),
        )


@dataclass(frozen=True, slots=True)
class Way:
    """How a picture is compared with a person's templates."""

    name: str
    mirrored: bool = False
    averaged: bool = False


WAYS: Final = (
    Way("closest template"),
    Way("mirrored average", mirrored=True),
    Way("templates averaged", averaged=True),
    Way("both", mirrored=True, averaged=True),
)


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """One network's vectors, and how its distances are brought to one scale with another's."""

    faces: EmbeddedPeople
    middle: float = 0.0
    spread: float = 1.0
    weight: float = 1.0

    @property
    def info(self) -> str:
        return self.faces.model

    def vectors(self, way: Way) -> NDArray[np.float32]:
        """(pictures, dimensions), unit vectors where the angle counts."""
        faces = self.faces
        if not way.mirrored:
            return _scaled(faces.vectors, faces.metric)
        both = _scaled(faces.vectors, faces.metric) + _scaled(faces.mirrored, faces.metric)
        return _scaled(np.asarray(both / 2, np.float32), faces.metric)

    def to_people(
        self, probes: NDArray[np.float32], templates: NDArray[np.float32], way: Way
    ) -> NDArray[np.float64]:
        """(probes, people) normalised and weighed distances; `templates` is (people, pictures, dimensions)."""
        people, pictures, dimensions = templates.shape
        if way.averaged:
            templates, pictures = _scaled(templates.mean(axis=1, keepdims=True), self.faces.metric), 1
        far = _distances(probes, templates.reshape(-1, dimensions), self.faces.metric)
        closest = far.reshape(len(probes), people, pictures).min(axis=2)
        return np.asarray(self.weight * (closest - self.middle) / self.spread, np.float64)

    def normalised(self) -> "Network":
        """On the scale of its impostors: mean 0, standard deviation 1 (z-norm)."""
        drawn = np.random.default_rng(SEED)
        one, other = drawn.integers(len(self.faces.people), size=(2, 400_000))
        different = self.faces.people[one] != self.faces.people[other]
        vectors = self.vectors(WAYS[0])
        a, b = vectors[one[different]], vectors[other[different]]
        if self.faces.metric is Metric.COSINE:
            far = 1 - np.einsum("nd,nd->n", a, b)
        else:
            far = np.linalg.norm(a - b, axis=1)
        return replace(self, middle=float(far.mean()), spread=float(far.std()))


def search(
    networks: Sequence[Network], people: NDArray[np.int64], drawn: RosterDraw, way: Way, enrol: int
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]]:
    """(distances to people, probes, roster) of the roster's own pictures and of strangers'."""
    roster = people[drawn.templates[::enrol]]
    for probes in (drawn.probes, drawn.strangers):
        total = np.zeros((len(probes), len(roster)))
        for network in networks:
            vectors = network.vectors(way)
            total += network.to_people(
                vectors[probes], vectors[drawn.templates].reshape(len(roster), enrol, -1), way
            )
        yield total, probes, roster


def compare(networks: Sequence[Network], plan: RosterPlan, way: Way) -> Compared:
    """All searches of all draws of a plan."""
    people = networks[0].faces.people
    parts: list[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]] = []
    for drawn in draw_rosters(people, plan):
        for place, (far, probes, roster) in enumerate(search(networks, people, drawn, way, plan.enrol)):
            two = np.partition(far, 1, axis=1)[:, :2]
            right = roster[far.argmin(axis=1)] == people[probes]
            parts.append((two[:, 0], two[:, 1], right, np.full(len(probes), place == 0)))
    return Compared(
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        np.concatenate([part[2] for part in parts]),
        np.concatenate([part[3] for part in parts]),
    )


def plans(people: NDArray[np.int64], draws: int) -> Iterator[RosterPlan]:
    counts = np.bincount(people)
    for size in SIZES:
        for enrol in PICTURES:
            if np.count_nonzero(counts >= enrol) >= size and np.count_nonzero(counts > enrol):
                yield RosterPlan(size, enrol, draws, None, SEED)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Thresholds that fit rosters of one size."""

    size: int
    accept: float
    margin: float
    reject: float
    unknown: float


def choose(size: int, found: dict[int, Compared], step: float) -> Chosen:
    """Least FNIR, over the numbers of pictures, with FPIR and wrong names within their bounds at each of them."""
    best: tuple[float, float, float] | None = None
    for margin in (place * step for place in range(12)):
        accept = min(one.accept_for(TARGET_FPIR, margin) for one in found.values())
        rates = [one.rates(accept, margin) for one in found.values()]
        if max(wrong for _fnir, wrong, _fpir in rates) > MAX_WRONG:
            continue
        candidate = float(np.mean([fnir for fnir, _wrong, _fpir in rates])), accept, margin
        best = candidate if best is None else min(best, candidate)
    assert best is not None, "no margin keeps wrong names within bounds"
    _fnir, accept, margin = best
    reject = max(accept, min(float(np.quantile(one.best[~one.mated], ASKED)) for one in found.values()))
    unknown = float(np.mean([(one.best[one.mated] > reject).mean() for one in found.values()]))
    return Chosen(size, accept, margin, reject, unknown)


def walked(
    network: Network, plan: RosterPlan, limits: Thresholds, way: Way
) -> tuple[tuple[float, float], tuple[float, float], tuple[int, int]]:
    """((FNIR, FPIR) of the first frames, the same of whole walks, how many walks of each kind)."""
    faces = network.faces
    counted: list[tuple[bool, bool, bool]] = []
    for drawn in draw_rosters(faces.people, plan):
        roster = faces.people[drawn.templates[:: plan.enrol]]
        templates = network.vectors(way)[drawn.templates].reshape(len(roster), plan.enrol, -1)
        enrolled = set(drawn.templates.tolist())
        for row, walk in zip(faces.walkers, faces.walks, strict=True):
            person = int(faces.people[row])
            if int(row) in enrolled:
                continue
            votes = _votes(network, walk, templates, roster, limits, way)
            still = votes[0] if votes else None
            named = (
                still.match.student_id
                if still and still.match and still.outcome is Outcome.ACCEPTED
                else None
            )
            decision = next(
                (one for end in range(1, len(votes) + 1) if (one := decide(votes[:end], RULE)) is not None),
                None,
            )
            accepted = decision is not None and decision.outcome is Outcome.ACCEPTED and decision.match
            walked_as = decision.match.student_id if decision and decision.match and accepted else None
            mated = person in roster
            counted.append(
                (
                    mated,
                    (named != person) if mated else named is not None,
                    (walked_as != person) if mated else walked_as is not None,
                )
            )
    table = np.array(counted)
    own, strangers = table[table[:, 0]], table[~table[:, 0]]
    return (
        (float(own[:, 1].mean()), float(strangers[:, 1].mean())),
        (float(own[:, 2].mean()), float(strangers[:, 2].mean())),
        (len(own), len(strangers)),
    )


def _votes(
    network: Network,
    walk: NDArray[np.float32],
    templates: NDArray[np.float32],
    roster: NDArray[np.int64],
    limits: Thresholds,
    way: Way,
) -> list[Vote]:
    seen = np.isfinite(walk).all(axis=1)
    probes = _scaled(walk[seen], network.faces.metric)
    far = network.to_people(probes, templates, way)
    votes = []
    for frame, row in zip(np.flatnonzero(seen), far, strict=True):
        first, second = np.argsort(row)[:2]
        match = Match(int(roster[first]), float(row[first]), float(row[second]))
        votes.append(Vote(float(frame) * FRAME_S, judge(match, limits), match))
    return votes


def _scaled(vectors: NDArray[np.float32], metric: Metric) -> NDArray[np.float32]:
    if metric is not Metric.COSINE:
        return np.asarray(vectors, np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def _distances(
    probes: NDArray[np.float32], templates: NDArray[np.float32], metric: Metric
) -> NDArray[np.float32]:
    products = probes @ templates.T
    if metric is Metric.COSINE:
        return np.asarray(1 - products, np.float32)
    squares = (probes**2).sum(axis=1)[:, None] + (templates**2).sum(axis=1)[None]
    return np.asarray(np.sqrt(np.maximum(squares - 2 * products, 0)), np.float32)


def without_twins(faces: EmbeddedPeople) -> EmbeddedPeople:
    """Without the second name of whoever has two, and without walks from such pictures."""
    left_out = {second for _first, second in SAME_PERSON}
    kept = np.array([name.partition("/")[0] not in left_out for name in faces.names.tolist()])
    return chosen_rows(faces, np.flatnonzero(kept))


def chosen_rows(faces: EmbeddedPeople, rows: NDArray[np.intp]) -> EmbeddedPeople:
    """Some pictures; people are numbered anew."""
    place = {int(row): new for new, row in enumerate(rows)}
    walks = [number for number, row in enumerate(faces.walkers) if int(row) in place]
    return replace(
        faces,
        names=faces.names[rows],
        people=np.unique(faces.people[rows], return_inverse=True)[1],
        vectors=faces.vectors[rows],
        mirrored=faces.mirrored[rows],
        measures=faces.measures[rows],
        walks=faces.walks[walks],
        walkers=np.array([place[int(faces.walkers[number])] for number in walks], np.int64),
    )


def percent(share: float) -> str:
    return f"{100 * share:.2f}" if share < 0.01 else f"{100 * share:.1f}"


def print_ways(network: Network, draws: int) -> dict[Way, dict[int, dict[int, Compared]]]:
    """What each way of comparing reaches; returns the searches by way, size and pictures."""
    print(f"\n**{network.info}**: FNIR % at FPIR 1 % / 0.1 %, {draws} draws\n")
    ways = [way for way in WAYS if not way.mirrored or np.isfinite(network.faces.mirrored).all()]
    print("| roster · pictures |" + "".join(f" {way.name} |" for way in ways))
    print("|---|" + "---|" * len(ways))
    kept: dict[Way, dict[int, dict[int, Compared]]] = {}
    for plan in plans(network.faces.people, draws):
        cells = []
        for way in ways:
            found = compare([network], plan, way)
            cells.append(f"{percent(found.fnir_at(0.01))} / {percent(found.fnir_at(0.001))}")
            kept.setdefault(way, {}).setdefault(plan.people, {})[plan.enrol] = found
        print(f"| {plan.people} · {plan.enrol} | " + " | ".join(cells) + " |")
    return kept


def print_chosen(title: str, kept: dict[int, dict[int, Compared]], step: float) -> list[Chosen]:
    """Thresholds by size, and FNIR, wrong names and FPIR by pictures."""
    print(f"\n**{title}**: FPIR ≤ {100 * TARGET_FPIR} %, wrong names ≤ {100 * MAX_WRONG} %\n")
    print("| roster | accept | margin | reject | own beyond reject % | FNIR / wrong / FPIR % by pictures |")
    print("|---|---|---|---|---|---|")
    chosen = []
    for size, found in kept.items():
        one = choose(size, found, step)
        chosen.append(one)
        cells = ", ".join(
            f"{enrol}: " + " / ".join(percent(rate) for rate in by.rates(one.accept, one.margin))
            for enrol, by in found.items()
        )
        print(
            f"| {size} | {one.accept:.3f} | {one.margin:.3f} | {one.reject:.3f} | {percent(one.unknown)} | {cells} |"
        )
    return chosen


def print_walks(network: Network, chosen: Sequence[Chosen], draws: int) -> None:
    """The vote, over frames that depend on each other, at each size's thresholds and at looser ones."""
    print(
        f"\n**{network.info}**: one frame and the vote ({RULE.frames} frames over {RULE.span_s} s), 3 pictures\n"
    )
    print("| roster | accept | FNIR % frame → vote | FPIR % frame → vote | walks, own and strangers' |")
    print("|---|---|---|---|---|")
    for one in chosen:
        plan = RosterPlan(one.size, 3, draws, 0, SEED)
        for looser in (0.0, 0.04, 0.08):
            limits = Thresholds(one.accept + looser, max(one.reject, one.accept + looser), one.margin)
            (fnir, fpir), (fnir_walk, fpir_walk), walks = walked(network, plan, limits, WAYS[0])
            print(
                f"| {one.size} | {limits.accept:.3f} | {percent(fnir)} → {percent(fnir_walk)} | "
                f"{percent(fpir)} → {percent(fpir_walk)} | {walks[0]}, {walks[1]} |"
            )


def print_fusion(first: Network, second: Network, draws: int) -> None:
    """Both networks' normalised distances, weighed."""
    print(f"\n**{first.info} and {second.info}**: FNIR % at FPIR 1 % / 0.1 % by the second one's weight\n")
    wanted = [plan for plan in plans(first.faces.people, draws) if plan.enrol in {1, 2, 3}]
    print("| weight |" + "".join(f" {plan.people} · {plan.enrol} |" for plan in wanted))
    print("|---|" + "---|" * len(wanted))
    for weight in WEIGHTS:
        both = [replace(first, weight=1 - weight), replace(second, weight=weight)]
        cells = []
        for plan in wanted:
            found = compare(both, plan, WAYS[0])
            cells.append(f"{percent(found.fnir_at(0.01))} / {percent(found.fnir_at(0.001))}")
        print(f"| {weight:.1f} | " + " | ".join(cells) + " |")


def print_weighed(first: Network, second: Network, weight: float, draws: int) -> None:
    """Thresholds of both together at one weight, by way of comparing."""
    for one in (first, second):
        print(
            f"\n{one.info}: different people lie {one.middle:.4f} apart, standard deviation {one.spread:.4f}"
        )
    both = [replace(first, weight=1 - weight), replace(second, weight=weight)]
    for way in (WAYS[0], WAYS[2]):
        kept: dict[int, dict[int, Compared]] = {}
        for plan in plans(first.faces.people, draws):
            kept.setdefault(plan.people, {})[plan.enrol] = compare(both, plan, way)
        print_chosen(f"{first.info} and {weight} of {second.info}, {way.name}", kept, 0.25)


def read(given: argparse.Namespace, model: str) -> Network:
    faces = embedded_people(
        given.people,
        models_dir=given.models,
        cache=given.cache,
        model=model,
        detector=given.detector,
        walks=given.walks,
    )
    return Network(without_twins(faces))


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--beside", help="a second network, to weigh both")
    parser.add_argument(
        "--weight", type=float, help="the second one's, for thresholds of both; all weights otherwise"
    )
    parser.add_argument("--draws", type=int, default=DRAWS)
    given = parser.parse_args()
    network = read(given, given.model)
    if given.beside is None:
        chosen: list[Chosen] = []
        for way, found in print_ways(network, given.draws).items():
            step = 0.02 if network.faces.metric is Metric.EUCLIDEAN else 0.025
            fitting = print_chosen(f"{network.info}, {way.name}", found, step)
            chosen = chosen or fitting
        if len(network.faces.walkers):
            print_walks(network, chosen, max(1, given.draws // 4))
        return
    second = read(given, given.beside)
    shared = np.intersect1d(network.faces.names, second.faces.names)
    first, other = (
        Network(chosen_rows(one.faces, np.flatnonzero(np.isin(one.faces.names, shared)))).normalised()
        for one in (network, second)
    )
    if given.weight is None:
        print_fusion(first, other, given.draws)
    else:
        print_weighed(first, other, given.weight, given.draws)


if __name__ == "__main__":
    main()
