"""The running hash that proves which samples, in which order and with which masks, a model has seen."""

import hashlib

import numpy as np

START = hashlib.sha256(b"bertha-samples/1").digest()


class SampleHash:
    """h(s) = sha256(h(s-1) | step | for each sample of the global batch: index | mask seed), all u64 little-endian.

    Every rank can keep it, since order and masks are functions of the position alone; the ranks' shares play no part.
    """

    def __init__(self, digest: str | None = None) -> None:
        """Starts anew, or behind the step whose hex digest a manifest holds."""
        self._digest = START if digest is None else bytes.fromhex(digest)

    def update(self, step: int, samples: np.ndarray, mask_seeds: np.ndarray) -> None:
        """Adds one optimizer step: `samples` and `mask_seeds` are those of the whole global batch, in its order."""
        pairs = np.stack([samples.astype("<u8"), mask_seeds.astype("<u8")], axis=1)
        self._digest = hashlib.sha256(self._digest + step.to_bytes(8, "little") + pairs.tobytes()).digest()

    @property
    def hex(self) -> str:
        """The digest behind the last step added."""
        return self._digest.hex()
