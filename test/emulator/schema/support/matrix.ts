import { UNSERVED } from '../../../../emulator/http/unserved.js';
import { LOCATION, WORKSPACE, type Guard, type Route } from '../../../../emulator/http/route.js';
import { ROUTES } from '../../../../emulator/routes.js';
import { API_VERSIONS } from '../../../../emulator/versions/models.js';
import { REFUSED } from './refused.js';

/** How the file is made anew. */
export const COMMAND = 'npm run build && node .bertha/build/test/emulator/schema/support/write.js';

const PLANES: Record<Guard, string> = {
  arm: 'Management plane',
  data: 'Data plane',
  open: 'Without a token: identity, discovery, and controls of its own',
};

/** The text of `emulator/SUPPORT.md`, made from the tables that the emulator itself goes by. */
export function supportMatrix(): string {
  const planes = (Object.keys(PLANES) as Guard[]).map((guard) => planeSection(guard));
  return [
    '# What azureml-emulator serves',
    '',
    `Made from the route table by \`${COMMAND}\`; a test fails when it is out of date.`,
    '',
    ...planes.flat(),
    '## Api-versions',
    '',
    `The management plane serves ${API_VERSIONS.join(', ')}. Members that one does not know are refused in requests and left out of answers;`,
    '`versions/` says where that is known from. The data plane has versions in its paths only.',
    '',
    '## What is not served',
    '',
    'It is answered 501 with the code `NotEmulated` and a message that names it. So is any other path.',
    '',
    ...UNSERVED.flatMap(({ title, unserved }) => [
      `**${title}**`,
      '',
      ...unserved.map(({ path, name }) => `- ${name}: \`${path}\``),
      '',
    ]),
    '**Within requests that are served**',
    '',
    ...REFUSED.map(({ name, method, path }) => `- ${name}: \`${method} ${path.replace(/[^/]+$/, '*')}\``),
    '',
  ].join('\n');
}

function planeSection(guard: Guard): string[] {
  const routes = ROUTES.filter((route) => route.guard === guard);
  const rows = routes.map((route) => [route.method, `\`${shown(route)}\``, route.title ?? '']);
  return [`## ${PLANES[guard]}`, '', ...(guard === 'open' ? [] : [legend(guard), '']), ...markdownTable(rows), ''];
}

function legend(guard: Guard): string {
  const paths =
    guard === 'arm'
      ? [`\`{workspace}\` is \`${WORKSPACE}\``, `\`{location}\` is \`${LOCATION}\``]
      : [`\`{workspace}\` is \`${WORKSPACE}\``];
  return `${paths.join(', ')}.`;
}

function shown({ path }: Route): string {
  return path.replace(WORKSPACE, '{workspace}').replace(LOCATION, '{location}');
}

// Columns are as wide as their widest cell, as prettier would have them.
function markdownTable(rows: readonly string[][]): string[] {
  const all = [['method', 'path', 'what'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [heads = [], ...others] = all;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)];
}
