import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.js';
import { type StackPlaces, tools } from './places.js';
import { freePorts } from './ports.js';
import { type Part, startPart } from './processes.js';
import { writeWhole } from './whole.js';

export interface TemporalUrls {
  readonly temporalAddress: string;
  readonly uiUrl: string;
}

/**
 * Starts a Temporal server, our search attributes registered in it, and writes the profile that leads any client to it. The part is added to `parts`.
 * @throws PartError with one sentence where it does not come up
 */
export async function startTemporal(places: StackPlaces, parts: Part[]): Promise<TemporalUrls> {
  const [port = 0, uiPort = 0] = await freePorts(2);
  const { part } = await startPart(places, {
    name: 'temporal',
    command: tools().temporal,
    args: [
      ...['server', 'start-dev', '--db-filename', places.temporal, '--ip', '127.0.0.1'],
      ...['--port', String(port), '--ui-port', String(uiPort), '--log-level', 'error'],
      ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, kind]) => ['--search-attribute', `${name}=${kind}`]),
    ],
    ready: (line) => (/(Server|Temporal Server):\s/.test(line) ? line : null),
  });
  parts.push(part);
  const temporalAddress = `127.0.0.1:${port}`;
  writeWhole(places.temporalProfile, `[profile.default]\naddress = "${temporalAddress}"\nnamespace = "default"\n`);
  return { temporalAddress, uiUrl: `http://127.0.0.1:${uiPort}` };
}
