"""Error rates and how sure they are: verification (1:1) curves, the equal error rate, exact intervals.

Terms are those of ISO/IEC 2382-37 and ISO/IEC 19795-1. *FMR*, the false match rate, is the share of impostor
comparisons at or below a threshold; *FNMR*, the false non-match rate, the share of genuine comparisons above it. Rates of
identification (FPIR, FNIR) are in `kiosk.domain.faces.open_set`, those of attack detection (APCER, BPCER, ISO/IEC 30107-3)
beside the liveness judge; all are a `Rate`. Pure arithmetic, any thread.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

CONFIDENCE: Final = 0.95
"""The confidence that every interval of this program is given at."""

_TINY: Final = 1e-300
_CONVERGED: Final = 3e-16


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where a true rate may lie."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """So many errors in so many trials.

    Attributes:
        errors: How often it happened.
        trials: How often it could have.
    """

    errors: int
    trials: int

    def __post_init__(self) -> None:
        """Refuse what cannot be counted.

        Raises:
            ValueError: Fewer than no errors, or more of them than trials.
        """
        if not 0 <= self.errors <= self.trials:
            raise ValueError(f"{self.errors} errors in {self.trials} trials")

    @property
    def value(self) -> float | None:
        """The share of errors; None without a trial, because nothing was measured then."""
        return self.errors / self.trials if self.trials else None

    @property
    def interval(self) -> Interval:
        """Where the true rate lies with 95 % confidence: Clopper-Pearson; 0 to 1 without a trial."""
        return clopper_pearson(self.errors, self.trials)

    @property
    def at_most(self) -> float:
        """What the true rate is at most, with 95 % confidence to one side."""
        return upper_bound(self.errors, self.trials)

    def __add__(self, other: "Rate") -> "Rate":
        """Both counts together."""
        return Rate(self.errors + other.errors, self.trials + other.trials)


def clopper_pearson(errors: int, trials: int, *, confidence: float = CONFIDENCE) -> Interval:
    """The exact (Clopper-Pearson) interval of a binomial share, with half of the doubt on each side.

    C. J. Clopper and E. S. Pearson, *The use of confidence or fiducial limits illustrated in the case of the binomial*,
    Biometrika 26 (1934), 404-413. Its bounds are quantiles of beta distributions. It covers the true rate at least as
    often as it says if the trials are independent; comparisons that share a person are not quite, so it is the least doubt
    that so few samples leave.
    """
    doubt = (1 - confidence) / 2
    low = 0.0 if errors == 0 else _beta_quantile(doubt, errors, trials - errors + 1)
    return Interval(low, upper_bound(errors, trials, confidence=1 - doubt))


def wilson(errors: float, trials: float, *, confidence: float = CONFIDENCE) -> Interval:
    """The score interval of a binomial share; 0 to 1 without a trial.

    E. B. Wilson, *Probable inference, the law of succession, and statistical inference*, Journal of the American
    Statistical Association 22 (1927), 209-212. Narrower than Clopper and Pearson's: it covers the true rate as often as it
    says on average, and not in each case.
    """
    if trials == 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = errors / trials, z**2 / trials
    middle = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * math.sqrt(share * (1 - share) / trials + weight / (4 * trials))
    low = 0.0 if errors == 0 else max(0.0, middle - half)
    return Interval(low, 1.0 if errors == trials else min(1.0, middle + half))


def upper_bound(errors: int, trials: int, *, confidence: float = CONFIDENCE) -> float:
    """The rate above which so few errors would be seen less often than ``1 - confidence``; 1 without a trial.

    With no error it is ``1 - (1 - confidence) ** (1 / trials)``; at 95 % that is close to 3 / trials, the *rule of three*
    (ISO/IEC 19795-1 recommends it for evaluations without an error).
    """
    if errors >= trials:
        return 1.0
    return _beta_quantile(confidence, errors + 1, trials - errors)


def trials_to_show(rate: float) -> int:
    """How many trials without an error it takes to show that a rate is at most `rate` (0 to 1, open)."""
    return math.ceil(math.log(1 - CONFIDENCE) / math.log1p(-rate))


@dataclass(frozen=True, slots=True, eq=False)
class VerificationCurve:
    """FMR and FNMR at every threshold at which one of them changes.

    Attributes:
        thresholds: (n,) rising distances; a comparison matches at or below.
        fmr: (n,) share of impostor comparisons that match, rising.
        fnmr: (n,) share of genuine comparisons that do not, falling.
    """

    thresholds: NDArray[np.float64]
    fmr: NDArray[np.float64]
    fnmr: NDArray[np.float64]


def verification_curve(genuine: NDArray[np.floating], impostor: NDArray[np.floating]) -> VerificationCurve:
    """The curve of two sets of distances.

    Args:
        genuine: (n,) distances between pictures of one person.
        impostor: (m,) distances between pictures of different people.

    Raises:
        ValueError: One of the sets is empty.
    """
    if len(genuine) == 0 or len(impostor) == 0:
        raise ValueError("a curve needs genuine and impostor distances")
    own, other = np.sort(genuine).astype(np.float64), np.sort(impostor).astype(np.float64)
    thresholds = np.unique(np.concatenate([own, other]))
    return VerificationCurve(
        thresholds,
        np.searchsorted(other, thresholds, side="right") / len(other),
        1 - np.searchsorted(own, thresholds, side="right") / len(own),
    )


def equal_error_rate(genuine: NDArray[np.floating], impostor: NDArray[np.floating]) -> float:
    """Where FMR and FNMR are the same; where they jump past each other, the mean of the two at the closest threshold.

    Raises:
        ValueError: One of the sets is empty.
    """
    curve = verification_curve(genuine, impostor)
    # Below the smallest distance nothing matches: FMR 0, FNMR 1.
    fmr, fnmr = np.append(0.0, curve.fmr), np.append(1.0, curve.fnmr)
    closest = int(np.argmin(np.abs(fmr - fnmr)))
    return float((fmr[closest] + fnmr[closest]) / 2)


def match_rates(
    genuine: NDArray[np.floating], impostor: NDArray[np.floating], threshold: float
) -> tuple[Rate, Rate]:
    """(FMR, FNMR) at one threshold."""
    return (
        Rate(int(np.count_nonzero(impostor <= threshold)), len(impostor)),
        Rate(int(np.count_nonzero(genuine > threshold)), len(genuine)),
    )


def _beta_quantile(share: float, a: int, b: int) -> float:
    """The x below which a beta(a, b) variable lies with probability `share`, by halving."""
    low, high = 0.0, 1.0
    # Halved until nothing lies between them: about 60 times for a usual rate, up to 1,075 for one near 0.
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _beta_cdf(middle, a, b) < share else (low, middle)
    return high


def _beta_cdf(x: float, a: int, b: int) -> float:
    """The regularised incomplete beta function I_x(a, b), for 0 < x < 1.

    By its continued fraction (DLMF 8.17.22), which converges fast below the mean; above it by the symmetry
    I_x(a, b) = 1 - I_{1-x}(b, a).
    """
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x: float, a: int, b: int) -> float:
    """The continued fraction of DLMF 8.17.22, evaluated by Lentz's method as Thompson and Barnett changed it."""
    c, d = 1.0, 1 / _nonzero(1 - (a + b) * x / (a + 1))
    result, m = d, 0
    change = 0.0
    while abs(change - 1) > _CONVERGED and m < 100_000:
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = 1.0
        for step in (even, odd):
            d = 1 / _nonzero(1 + step * d)
            c = _nonzero(1 + step / c)
            change *= c * d
        result *= change
    return result


def _nonzero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
