/**
 * The failures of package managers that have a cure, in the order in which they are looked for: a cause stands before
 * its consequences, such as pip's "no matching distribution" after it could not reach the index.
 * @type {{ sign: RegExp, mayPass?: true, sentence: (doing: string, program: string) => string }[]}
 */
const problems = [
  {
    sign: /ENOSPC|no space left on device|os error 28\b/i,
    sentence: (doing) => `The disk became full while ${doing}: free some space (about 9 GB in all) and run this again.`,
  },
  {
    sign: /ensurepip is not|No module named '?(venv|ensurepip)|python3-venv/i,
    sentence: () =>
      'This Python lacks its venv module: install it (on Debian or Ubuntu: apt install python3-venv) and run this again.',
  },
  {
    sign: /ENOENT: npm$/,
    sentence: () => 'npm was not found: install npm (it comes with Node.js from nodejs.org) and run this again.',
  },
  {
    sign: /EUSAGE[\s\S]*in sync/,
    sentence: () =>
      'package-lock.json does not fit package.json: take both from the same commit, or run npm install after a change of package.json.',
  },
  {
    sign: /EINTEGRITY|DO NOT MATCH THE HASHES|hash mismatch/i,
    sentence: (doing) =>
      `A file downloaded while ${doing} is not the one that the lock file names: a mirror or proxy changed it; use the original registry and run this again.`,
  },
  {
    sign: /\bE40[137]\b|ENEEDAUTH|\b40[137] (Client Error|Forbidden|Unauthorized|Proxy)|status:? 40[137]\b|Forbidden|Unauthorized/i,
    sentence: (doing) =>
      `The package registry refused the request while ${doing}: check its access rights or the proxy's settings and run this again.`,
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET|Temporary failure in name|name or service not known|failed to lookup|dns error|network is unreachable|connection refused|connection reset|timed out|error sending request|Failed to fetch|NewConnectionError|tunnel error/i,
    mayPass: true,
    sentence: (doing) =>
      `There is no network, or the package registry does not answer, while ${doing}: check the connection or the proxy and run this again.`,
  },
  {
    sign: /No matching distribution|has no wheels with a matching|no wheels? (are|is) (available|usable)|EBADPLATFORM|not a supported wheel/i,
    sentence: (doing) =>
      `A package has no build for this machine or this Python, found while ${doing}: use Linux or macOS on x86-64 or arm64 with Python 3.10 to 3.15.`,
  },
  {
    sign: /EACCES|EROFS|permission denied|read-only file system/i,
    sentence: (doing) =>
      `A file may not be written while ${doing}: correct the owner or rights of this folder and of the package manager's cache, and run this again.`,
  },
];

/**
 * Reads a failed program's output.
 * @param {string} output
 * @param {{ doing: string, program: string }} circumstances
 * @returns {{ sentence?: string, mayPass: boolean }} no sentence when the cause is not known; then it is not tried again
 */
export function diagnose(output, { doing, program }) {
  const problem = problems.find(({ sign }) => sign.test(output));
  if (problem === undefined) return { mayPass: false };
  return { sentence: problem.sentence(doing, program), mayPass: problem.mayPass === true };
}
