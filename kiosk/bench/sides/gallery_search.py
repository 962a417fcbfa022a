"""How long it takes to find the closest of many templates. Child processes only."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from kiosk.bench.answers import SearchAnswer
from kiosk.bench.stopwatch import least_ms
from kiosk.domain.faces.recognition import Gallery, Metric, ModelInfo, Template, Thresholds

TEMPLATES_EACH: Final = 3
SMALL: Final = 300
LARGE: Final = 100_000
_TIMES: Final = 21


@dataclass(frozen=True, slots=True)
class GallerySearch:
    """Searches galleries of random vectors."""

    dimensions: int
    metric: Metric

    def rounds(self) -> Iterator[SearchAnswer]:
        random = np.random.default_rng(3)
        small = self._gallery(random, SMALL * TEMPLATES_EACH)
        large = self._gallery(random, LARGE)
        probe = random.standard_normal(self.dimensions, dtype=np.float32)
        while True:
            yield SearchAnswer(
                least_ms(partial(small.search, probe), times=10 * _TIMES),
                least_ms(partial(large.search, probe), times=_TIMES),
            )

    def _gallery(self, random: np.random.Generator, templates: int) -> Gallery:
        info = ModelInfo("bench", self.dimensions, self.metric, Thresholds(0.5, 0.6, 0.05))
        vectors = random.standard_normal((templates, self.dimensions), dtype=np.float32)
        return Gallery.of(
            info,
            [
                Template(number, 1 + number // TEMPLATES_EACH, info.name, vector, 1.0)
                for number, vector in enumerate(vectors)
            ],
        )
