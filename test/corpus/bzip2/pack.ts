import { spawnSync } from 'node:child_process';

/** What `bzip2 -LEVEL` makes of these bytes, by the reference library in Python. */
export function bzip2(bytes: Uint8Array | string, level = 9): Buffer {
  const script = `import bz2, sys; sys.stdout.buffer.write(bz2.compress(sys.stdin.buffer.read(), ${level}))`;
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script], { input: bytes, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`python3 could not pack the test data: ${stderr.toString()}`);
  return stdout;
}
