import { decodeEntities } from './entities.js';

/** What the header of a dump says of its wiki; English names when there is no header. */
export interface Site {
  readonly name: string;
  readonly base: string;
  /** Lower-case prefixes of links to files, `file` and `image` among them. */
  readonly filePrefixes: ReadonlySet<string>;
  /** Lower-case prefixes of links to categories. */
  readonly categoryPrefixes: ReadonlySet<string>;
}

/** Reads `<siteinfo>`; a header without one gives the English names. */
export function parseSite(header: string): Site {
  return {
    name: decodeEntities(/<sitename>([^<]*)/.exec(header)?.[1] ?? ''),
    base: decodeEntities(/<base>([^<]*)/.exec(header)?.[1] ?? ''),
    filePrefixes: new Set(['file', 'image', 'media', ...namespaceNames(header, 6), ...namespaceNames(header, -2)]),
    categoryPrefixes: new Set(['category', ...namespaceNames(header, 14)]),
  };
}

function namespaceNames(header: string, key: number): string[] {
  const name = new RegExp(`<namespace key="${key}"[^>]*>([^<]*)<`).exec(header)?.[1];
  return name === undefined ? [] : [decodeEntities(name).toLowerCase()];
}
