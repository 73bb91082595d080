"""Sample order and masks as functions of (seed, position) alone: any step can be drawn at once, on any number of ranks.

The hashing is our own few lines (SplitMix64's finaliser) because a numpy generator's streams may change between
releases, and a run must be able to outlive a numpy release. All arithmetic is modulo 2^64.
"""

import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FEISTEL_ROUNDS = 6
ORDER, MASKS, WORDS, REPLACEMENTS = (np.uint64(n) for n in range(1, 5))


def hashed(*words: int | np.uint64 | np.ndarray) -> np.ndarray:
    """A 64-bit hash of the words, element by element: arrays are broadcast against each other."""
    state = np.zeros(1, np.uint64)
    for word in words:
        state = _finalise((state ^ np.asarray(word, np.uint64)) + GOLDEN)
    return state


def sample_at(positions: np.ndarray, samples: int, seed: int) -> np.ndarray:
    """The sample index (i64) at each position of a phase: pass `p div samples`, in that pass's own permutation."""
    positions = positions.astype(np.uint64)
    passes, places = np.divmod(positions, np.uint64(samples))
    keys = hashed(seed, ORDER, passes)
    half = np.uint64(max(1, (int(samples - 1).bit_length() + 1) // 2))
    places = _feistel(places, keys, half)
    while (outside := places >= samples).any():  # walk along the permutation's cycle until it comes back into range
        places[outside] = _feistel(places[outside], keys[outside], half)
    return places.astype(np.int64)


def mask_seeds(positions: np.ndarray, seed: int) -> np.ndarray:
    """The u64 from which all masking of the sample at each position is drawn."""
    return hashed(seed, MASKS, positions.astype(np.uint64))


def prediction_counts(lengths: np.ndarray, words: np.ndarray, probability: float, most: int) -> np.ndarray:
    """How many tokens of each sequence are predicted: `min(most, max(1, round(length x probability)))`, as in BERT.

    `lengths` counts the special tokens, `words` does not; no more than the words there are can be predicted.
    """
    return np.minimum(np.clip(np.rint(lengths * probability).astype(np.int64), 1, most), words)


def choose_masks(candidates: np.ndarray, counts: np.ndarray, seeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draws `counts[i]` columns where `candidates[i]` (bool [batch, length]) is true: rows and columns, sorted."""
    lots = hashed(seeds[:, None], np.arange(candidates.shape[1], dtype=np.uint64))
    lots[~candidates] = np.iinfo(np.uint64).max
    by_lot = np.argsort(lots, axis=1, kind="stable")
    drawn = np.zeros_like(candidates)
    np.put_along_axis(drawn, by_lot, np.arange(candidates.shape[1]) < counts[:, None], axis=1)
    rows, columns = np.nonzero(drawn & candidates)
    return rows, columns


def replace_masked(
    originals: np.ndarray, seeds: np.ndarray, columns: np.ndarray, mask: int, words: np.ndarray
) -> np.ndarray:
    """What the model is shown: 80 % [MASK], 10 % one of `words` (all but the special ids), 10 % the original."""
    dice = hashed(seeds, WORDS, columns.astype(np.uint64)) % np.uint64(10)
    random_words = words[hashed(seeds, REPLACEMENTS, columns.astype(np.uint64)) % np.uint64(len(words))]
    return np.where(dice < 8, mask, np.where(dice == 8, random_words, originals))


def _feistel(values: np.ndarray, keys: np.ndarray, half: np.uint64) -> np.ndarray:
    """A keyed permutation of the numbers of `2 x half` bits."""
    low = (np.uint64(1) << half) - np.uint64(1)
    left, right = values >> half, values & low
    for turn in range(FEISTEL_ROUNDS):
        left, right = right, left ^ (hashed(keys, turn, right) & low)
    return left << half | right


def _finalise(x: np.ndarray) -> np.ndarray:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
