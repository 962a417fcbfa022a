"""Errors beside speed: one network fed as it was trained and fed deepface's way, with one file of weights, one detector, one pass.

    .venv/bin/python -m tests.benchmarks.deepface_errors --models DIR [--model facenet128]

Prints, for both ways, what LFW's pairs say (`kiosk evaluate --pairs` prints the same for the first) and the least time of one
face. deepface's way is this program's copy of `DeepFace.represent` after detection; a test holds that both give the same
embeddings. Pictures are a folder of people and its list of pairs, by default the half of LFW to choose on.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Final

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.services.faces.evaluation.protocols import Protocols
from kiosk.services.ports.vision import Detector, Embedder
from kiosk.vision.embedding.converted_embedder import ConvertedEmbedder
from kiosk.vision.embedding.converted_network import open_installed
from kiosk.vision.embedding.deepface_alignment import DeepfaceAlignment
from kiosk.vision.embedding.deepface_networks import fed_by_deepface, network_named
from kiosk.vision.factory import build_eyes, load_embedder
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.pictures import read_picture
from tests.benchmarks.embedded_people import SHARED, find_detector

RATE: Final = 0.001
TIMES: Final = 25


def fed_deepfaces_way(models_dir: Path, model: str) -> Embedder:
    """The converted network of this model with deepface's own input."""
    info = read_manifest()[model].recognition
    if info is None:
        sys.exit(f"{model} recognises nobody.")
    inputs = DeepfaceAlignment(side=network_named(model).side, eyes=build_eyes())
    return ConvertedEmbedder(
        network=open_installed(models_dir, model), info=fed_by_deepface(info), inputs=inputs
    )


def least_ms(embedder: Embedder, image: BgrImage, face: Detection) -> float:
    """Of one face, in milliseconds."""
    spent = []
    for _round in range(TIMES):
        began = time.perf_counter()
        embedder.embed(image, [face])
        spent.append(1000 * (time.perf_counter() - began))
    return min(spent)


def measure(title: str, embedder: Embedder, detector: Detector, lfw: Path) -> int:
    """Print one way's row of the table and return how many genuine pairs it misses."""
    report = Protocols(detector=detector, embedder=embedder, read_picture=read_picture).run(
        lfw / "people", pairs=lfw / "pairs.tsv"
    )
    if report.pairs is None or (missed := report.pairs.rates.fnmr[RATE]) is None:
        sys.exit("Too few pairs to say what is missed.")
    rates = report.pairs.rates
    doubt = rates.fnmr_intervals[RATE]
    image, face = next(
        (image, faces[0])
        for picture in report.faces.pictures
        if (faces := detector.detect(image := read_picture(picture.path.read_bytes())))
    )
    print(
        f"| {title} | {100 * rates.accuracy:.2f} | {100 * missed.errors / missed.trials:.2f} "
        f"[{100 * doubt.low:.1f}–{100 * doubt.high:.1f}] "
        f"| {least_ms(embedder, image, face):.1f} |",
        flush=True,
    )
    return missed.errors


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lfw", type=Path, default=SHARED / "lfw", help="people/ and pairs.tsv")
    parser.add_argument("--models", type=Path, required=True, help="the model store")
    parser.add_argument("--model", default="facenet128")
    given = parser.parse_args()
    detector = find_detector(given.models, None)
    print(f"| {given.model}, {detector.name} | accuracy % | FNMR % at an FMR of {RATE:.1%} | one face, ms |")
    print("|---|---|---|---|")
    ours = measure("as it was trained", load_embedder(given.models, given.model), detector, given.lfw)
    theirs = measure("deepface's way", fed_deepfaces_way(given.models, given.model), detector, given.lfw)
    print(f"\ndeepface's way misses {theirs / ours:.1f} times as many")


if __name__ == "__main__":
    main()
