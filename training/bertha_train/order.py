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
        state = _absorb(state, np.asarray(word, np.uint64))
    return state


def sample_at(positions: np.ndarray, samples: int, seed: int) -> np.ndarray:
    """The sample index (i64) at each position of a phase: pass `p div samples`, in that pass's own permutation."""
    passes, places = np.divmod(positions.astype(np.uint64), np.uint64(samples))
    keys = hashed(seed, ORDER, passes)
    rounds = np.stack([hashed(keys, turn) for turn in range(FEISTEL_ROUNDS)])
    half = np.uint64(max(1, (int(samples - 1).bit_length() + 1) // 2))
    places = _feistel(places, rounds, half)
    while len(outside := np.flatnonzero(places >= samples)):  # walk along the cycle until it comes back into range
        places[outside] = _feistel(places[outside], rounds[:, outside], half)
    return places.astype(np.int64)


def mask_seeds(positions: np.ndarray, seed: int) -> np.ndarray:
    """The u64 from which all masking of the sample at each position is drawn."""
    return hashed(seed, MASKS, positions.astype(np.uint64))


def prediction_counts(lengths: np.ndarray, words: np.ndarray, probability: float, most: int) -> np.ndarray:
    """How many tokens of each sequence are predicted: `min(most, max(1, round(length x probability)))`, as in BERT.

    `lengths` counts the special tokens, `words` does not; no more than the words there are can be predicted.
    """
    return np.minimum(np.clip(np.rint(lengths * probability).astype(np.int64), 1, most), words)


def choose_masks(candidates: np.ndarray, counts: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Draws `counts[i]` places where `candidates[i]` (bool [batch, width]) is true; flat indices (i64), sorted.

    Each place has a lot of 64 bits, and the lowest are drawn. What is drawn for a sample depends on its seed and its
    length alone, not on the width that the batch is padded to.
    """
    width = candidates.shape[1]
    lots = hashed(seeds[:, None], np.arange(width, dtype=np.uint64))
    lots[~candidates] = np.iinfo(np.uint64).max
    highest_drawn = np.sort(lots, axis=1)[np.arange(len(lots)), counts - 1]
    return np.flatnonzero((lots <= highest_drawn[:, None]) & candidates)


def replace_masked(
    originals: np.ndarray, seeds: np.ndarray, columns: np.ndarray, mask: int, words: np.ndarray
) -> np.ndarray:
    """What the model is shown: 80 % [MASK], 10 % one of `words` (all but the special ids), 10 % the original."""
    dice = hashed(seeds, WORDS, columns.astype(np.uint64)) % np.uint64(10)
    random_words = words[hashed(seeds, REPLACEMENTS, columns.astype(np.uint64)) % np.uint64(len(words))]
    return np.where(dice < 8, mask, np.where(dice == 8, random_words, originals))


def _feistel(values: np.ndarray, rounds: np.ndarray, half: np.uint64) -> np.ndarray:
    """A permutation of the numbers of `2 x half` bits, keyed by one hash per round and value."""
    low = (np.uint64(1) << half) - np.uint64(1)
    left, right = values >> half, values & low
    for key in rounds:
        left, right = right, left ^ (_absorb(key, right) & low)
    return left << half | right


def _absorb(state: np.ndarray, word: np.ndarray | np.uint64) -> np.ndarray:
    """One word more in a hash: SplitMix64's increment and finaliser."""
    x = (state ^ word) + GOLDEN
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x ^= x >> np.uint64(shift)
        x *= np.uint64(factor)
    x ^= x >> np.uint64(31)
    return x
