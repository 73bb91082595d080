import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { command } from '../command.mjs';
import { Halt } from '../halt.mjs';
import { inHome, inPython, inRoot } from '../places.mjs';
import { uv } from './uv.mjs';

const file = inHome('tools.json');
const downloads = inHome('downloads');
const servers = [
  { tool: 'temporal', program: 'temporal', version: 'v1.9.1', kind: 'dev-server' },
  { tool: 'testServer', program: 'temporal-test-server', version: 'v1.40.0', kind: 'time-skipping' },
];

/** `.bertha/tools.json`: where each program lies that the stack and the tests start. */
export const toolsStep = {
  name: 'Temporal binaries',
  bytes: 0.3e9,
  isDone: () => existsSync(file) && readFileSync(file, 'utf8') === JSON.stringify(tools()) && lacking().length === 0,
  run: async () => {
    mkdirSync(downloads, { recursive: true });
    for (const server of lacking()) await download(server);
    writeFileSync(file, JSON.stringify(tools()));
  },
};

/** Full paths: a clone that was moved writes them anew. */
const tools = () => ({
  ...Object.fromEntries(servers.map((server) => [server.tool, pathOf(server)])),
  python: inPython('python'),
  uv,
});

const lacking = () => servers.filter((server) => !isProgram(pathOf(server)));

/** From the Python environment; else where the SDK puts its own download. */
function pathOf({ program, version }) {
  const fromWheel = inPython(program);
  return isProgram(fromWheel) ? fromWheel : inHome('downloads', `${program}-${version}`);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function download(server) {
  const { program, version, kind } = server;
  await command(process.execPath, [inRoot('setup', 'download.mjs'), kind, version, downloads], {
    doing: `downloading ${program} ${version}`,
  });
  if (!isProgram(pathOf(server)))
    throw new Halt(
      `${program} ${version} was downloaded but is not at ${pathOf(server)}: put that program there and run this again.`,
    );
}
