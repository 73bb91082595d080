import assert from 'node:assert/strict';
import { load } from './load.js';

interface Problem {
  sentence?: string;
  mayPass: boolean;
}

const { diagnose } = await load<{ diagnose: (output: string, about: { doing: string; program: string }) => Problem }>(
  'diagnose.mjs',
);
const { lackOfDisk } = await load<{ lackOfDisk: (about: { free: number; needed: number; folder: string }) => string }>(
  'disk.mjs',
);

/** What the package managers really print, shortened, and what a person then reads. */
const outputs: [string, string, RegExp, boolean][] = [
  ['npm without network', 'npm error code ENOTFOUND\nnpm error network request to registry failed', /no network/, true],
  [
    'pip without network',
    "WARNING: Retrying ... NewConnectionError('Failed to establish')\nERROR: No matching distribution found for uv==0.13.9",
    /no network/,
    true,
  ],
  [
    'uv without network',
    'error: Request failed after 3 retries\n  Caused by: dns error: failed to lookup address information',
    /no network/,
    true,
  ],
  ['a refusing registry', 'npm error code E403\nnpm error 403 Forbidden - GET', /refused the request/, false],
  [
    'a full disk under npm',
    'npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device, write',
    /disk became full/,
    false,
  ],
  [
    'a full disk under uv',
    'error: Failed to install: torch\n  Caused by: No space left on device (os error 28)',
    /disk became full/,
    false,
  ],
  [
    'a Python without venv',
    'The virtual environment was not created successfully because ensurepip is not\navailable.',
    /apt install python3-venv/,
    false,
  ],
  ['no npm', 'ENOENT: npm', /npm was not found: install npm/, false],
  [
    'a changed download',
    'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.',
    /not the one that the lock file names/,
    false,
  ],
  ['an unknown platform', 'hint: torch has no wheels with a matching platform tag', /no build for this machine/, false],
  [
    'a lock file that does not fit',
    'npm error code EUSAGE\nnpm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.',
    /does not fit package.json/,
    false,
  ],
];

describe('setup: failures', () => {
  for (const [name, output, sentence, mayPass] of outputs)
    it(`tells ${name} in one sentence${mayPass ? ', and tries again' : ''}`, () => {
      const problem = diagnose(output, { doing: 'installing', program: 'npm' });
      assert.match(problem.sentence ?? '', sentence);
      assert.doesNotMatch(problem.sentence ?? '', /\n/);
      assert.equal(problem.mayPass, mayPass);
    });

  it('neither explains nor repeats a failure that it does not know', () => {
    assert.deepEqual(diagnose('Segmentation fault at 401 kB', { doing: 'installing', program: 'npm' }), {
      mayPass: false,
    });
  });

  it('names the free and the needed space of a disk that is too small, and nothing otherwise', () => {
    assert.match(
      lackOfDisk({ free: 3.21e9, needed: 9e9, folder: '/clone' }),
      /\/clone has 3\.2 GB free and the set-up needs about 9\.0 GB: free some space/,
    );
    assert.equal(lackOfDisk({ free: 9e9, needed: 9e9, folder: '/clone' }), '');
  });
});
