import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Halt } from './halt.mjs';

const oldest = 10;
/** PyTorch has wheels up to this minor version of Python 3; see training/requirements.txt. */
const newest = 15;
const candidates = ['python3', 'python', ...range(oldest, newest).map((minor) => `python3.${minor}`)];
const question = 'import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)';

/**
 * Finds a Python that suits: the first of `python3`, `python`, `python3.10` ... on the PATH that is new enough.
 * @param {string[]} names
 * @returns {Promise<string>} the interpreter's full path
 */
export async function findPython(names = candidates) {
  const found = [];
  for (const name of names) {
    const python = await ask(name);
    if (python === undefined) continue;
    if (suits(python)) return python.path;
    found.push(python);
  }
  throw new Halt(noPython(found));
}

/** Whether the set-up can work with this version. */
export const suits = ({ major, minor }) => major === 3 && minor >= oldest && minor <= newest;

/** The sentence when none of the Pythons found will do. */
export function noPython(found) {
  const cure = `install Python 3.${oldest} to 3.${newest} with its venv module (on Debian or Ubuntu: apt install python3 python3-venv) and run this again.`;
  if (found.length === 0) return `Python was not found: ${cure}`;
  const versions = [...new Set(found.map(({ major, minor }) => `${major}.${minor}`))].join(', ');
  return `The only Python found is of version ${versions}, which does not suit: ${cure}`;
}

async function ask(name) {
  try {
    const { stdout } = await promisify(execFile)(name, ['-c', question], { timeout: 20_000 });
    const [major, minor, ...path] = stdout.trim().split(' ');
    return { major: Number(major), minor: Number(minor), path: path.join(' ') };
  } catch {
    return undefined;
  }
}

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
