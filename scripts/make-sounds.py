"""Makes the tones in assets/sounds: soft sine chords with a quick attack and a long fade. Run once, results committed."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 44100
FOLDER = Path(__file__).resolve().parent.parent / "assets" / "sounds"

# (start in s, frequency in Hz, length in s, loudness)
Note = tuple[float, float, float, float]
TONES: dict[str, list[Note]] = {
    "present": [(0.00, 659.3, 0.22, 0.8), (0.09, 987.8, 0.38, 1.0)],
    "late": [(0.00, 659.3, 0.22, 0.8), (0.09, 784.0, 0.38, 0.9)],
    "already": [(0.00, 784.0, 0.28, 0.8)],
    "kept": [(0.00, 784.0, 0.20, 0.8), (0.12, 784.0, 0.30, 0.8)],
    "delivered": [(0.00, 784.0, 0.20, 0.8), (0.12, 987.8, 0.30, 0.8)],
    "please_scan": [(0.00, 523.3, 0.16, 0.9), (0.17, 523.3, 0.26, 0.9)],
    "unknown": [(0.00, 440.0, 0.20, 0.9), (0.14, 349.2, 0.34, 0.9)],
    "refused": [(0.00, 349.2, 0.20, 1.0), (0.16, 261.6, 0.40, 1.0)],
}


def tone(notes: list[Note]) -> NDArray[np.int16]:
    """The notes mixed into mono 16-bit samples."""
    length = max(start + seconds for start, _, seconds, _ in notes) + 0.02
    mixed = np.zeros(int(length * RATE))
    for start, frequency, seconds, loudness in notes:
        t = np.arange(int(seconds * RATE)) / RATE
        wave_form = np.sin(2 * np.pi * frequency * t) + 0.25 * np.sin(4 * np.pi * frequency * t)
        envelope = (
            np.minimum(1, t / 0.008) * np.exp(-t / (seconds / 3.5)) * np.minimum(1, (seconds - t) / 0.02)
        )
        first = int(start * RATE)
        mixed[first : first + len(t)] += loudness * wave_form * envelope
    samples: NDArray[np.int16] = np.round(mixed / np.abs(mixed).max() * 0.7 * 32767).astype(np.int16)
    return samples


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, notes in TONES.items():
        with wave.open(str(FOLDER / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(tone(notes).tobytes())


if __name__ == "__main__":
    main()
