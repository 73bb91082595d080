import { type Document, LineCounter, parseDocument } from 'yaml';

type Path = readonly PropertyKey[];

/** A YAML text that remembers where in it each value stands. */
export interface Source {
  /** What it holds, as plain values; null where it is not valid YAML. */
  readonly value: unknown;
  /** Why it is not valid YAML, one line each; empty where it is. */
  readonly broken: readonly string[];
  /** Line of the value at `path`, from 1; of the nearest one around it where it is missing. */
  line(path: Path): number;
  /** Whether something is written at `path`. */
  has(path: Path): boolean;
}

/** Reads a YAML text. Never throws. */
export function readSource(text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors.map(({ message }) => message.split('\n')[0]?.replace(/:$/, '') ?? message);
  return {
    value: broken.length > 0 ? null : document.toJS(),
    broken,
    has: (path) => document.hasIn(path),
    line: (path) => lines.linePos(offsetOf(document, path)).line,
  };
}

function offsetOf(document: Document, path: Path): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range !== undefined) return node.range[0];
  }
  return 0;
}
