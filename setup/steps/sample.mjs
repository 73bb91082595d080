import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../command.mjs';
import { Halt } from '../halt.mjs';
import { inHome, inRoot } from '../places.mjs';
import { isStamped, stamp } from '../stamp.mjs';
import { putInPlace, workplace } from '../swap.mjs';

const name = 'enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2';
const sha256 = 'a53f4648dec40467ebdcbc7a1307eddb51fe6e28e9309f6ebde81ba0d04bea2d';
const place = inHome('data');
const requirements = inRoot('setup', 'requirements-data.txt');
/** The wheel of one platform for all machines: it is opened, never installed. */
const wheelOf = [
  '--python-version',
  '3.11',
  '--implementation',
  'cp',
  '--abi',
  'cp311',
  '--platform',
  'manylinux_2_28_x86_64',
];

/** An excerpt of the English Wikipedia's dump (1.7 MB), found among a package's test data. */
export const sampleStep = {
  name: 'sample of the English Wikipedia',
  bytes: 0.1e9,
  isDone: () => existsSync(join(place, name)) && isStamped(join(place, '.stamp'), sha256),
  run: fetchSample,
};

async function fetchSample() {
  const folder = workplace('data');
  const wheels = workplace('trash');
  const python = inHome('uv', 'bin', 'python');
  const quiet = ['--disable-pip-version-check', '--no-input', '--retries', '1', '--no-deps', '--only-binary', ':all:'];
  await command(
    python,
    ['-m', 'pip', 'download', ...quiet, ...wheelOf, '--require-hashes', '-r', requirements, '-d', wheels],
    {
      doing: 'downloading the sample data',
    },
  );
  const wheel = join(wheels, readdirSync(wheels).find((entry) => entry.endsWith('.whl')) ?? '');
  const member = `gensim/test/test_data/${name}`;
  await command(python, ['-c', unzipOne, wheel, member, join(folder, name)], {
    doing: 'unpacking the sample data',
    retries: false,
  });
  const isIntact =
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex') === sha256;
  if (!isIntact)
    throw new Halt(
      `The sample data in ${wheel} has not the expected sha256 ${sha256}: remove the package manager's cache and run this again.`,
    );
  stamp(join(folder, '.stamp'), sha256);
  putInPlace(folder, place);
}

const unzipOne = 'import sys, zipfile; open(sys.argv[3], "wb").write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))';
