/**
 * What Azure and PyTorch are known to write (facts/azureml.md 2 of the project's notes; people's reports). Texts are evidence of the second
 * rank: exit codes and listed nodes come first where they exist.
 */
export const TEXTS = {
  preemption: /PreemptionError|pre-?empted|pre-?emption warning/i,
  capacity: /OutOfCapacity|no capacity|want of capacity|insufficient capacity|AllocationFailed|SkuNotAvailable/i,
  quota:
    /QuotaExceeded|CoreQuotaReached|ExceedCoreQuota|ExceedsCoreQuota|exceeding (the )?(approved )?(core )?quota|quota limit/i,
  sku: /UnsupportedVMSize|not a supported VM size|VMSizeNotSupported/i,
  image:
    /ImageBuild|image build (has )?failed|Failed to (pull|build) (the )?(docker )?image|ImagePull|manifest unknown|EnvironmentBuild/i,
  lifetime: /maximum (job )?(lifetime|run ?time|execution time)|exceeded .*(7|21) days|lifetime limit/i,
  timeout:
    /(timed out|time ?out|time limit|max(imum)? run duration).*(exceeded|reached|passed)|exceeded .*(timeout|time limit)/i,
  memory: /CUDA out of memory|OutOfMemoryError|Cannot allocate memory|std::bad_alloc|\bOOM\b|out of memory/i,
  hardware:
    /uncorrectable (ECC|NVLink)|\bXid\b|GPU has fallen off the bus|no CUDA-capable device|CUDA error: unspecified launch/i,
  peer: /ncclRemoteError|ncclSystemError|NCCL error|Connection (closed by peer|reset by peer)|Broken pipe.*(gloo|store)|TCPStore|lost (a )?peer|a peer is gone/i,
} as const;

export type TextName = keyof typeof TEXTS;

export const EXIT_CODE = /exited with (?:status )?code\s*:?\s*(\d+)/i;
export const EXIT_SIGNAL = /exited with signal\s+(\w+)/i;

/** One line, at most 400 characters. */
export function shortened(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 400);
}
