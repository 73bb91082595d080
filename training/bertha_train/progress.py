"""Where a phase stands."""

from dataclasses import dataclass, field

from resilience.manifest import Manifest
from resilience.samplehash import SampleHash


@dataclass
class Progress:
    """Where the phase stands, over all attempts."""

    step: int = 0
    position: int = 0  # of the sample stream
    samples: int = 0
    tokens: int = 0
    sample_hash: SampleHash = field(default_factory=SampleHash)
    newest: Manifest | None = None
