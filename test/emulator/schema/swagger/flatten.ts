import { definitionAt, type Document, type Placed, type Schema } from './documents.js';

/** An object's schema with everything that it inherits, so that an unknown member can be told. */
export interface Flat {
  /** Members, each with the document that its references are relative to. */
  members: Map<string, Placed>;
  required: Set<string>;
  /** What else may be in it; undefined where nothing is declared. */
  additional: Placed | undefined;
}

/** Lays a schema and all that it inherits (`allOf`) in one. */
export function flatten(placed: Placed): Flat {
  const flat: Flat = { members: new Map(), required: new Set(), additional: undefined };
  gather(placed, flat);
  return flat;
}

function gather({ document, schema }: Placed, flat: Flat): void {
  for (const parent of schema.allOf ?? []) {
    gather(parent.$ref === undefined ? { document, schema: parent } : definitionAt(document, parent.$ref), flat);
  }
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    flat.members.set(name, { document, schema: member });
  }
  for (const name of schema.required ?? []) flat.required.add(name);
  if (typeof schema.additionalProperties === 'object') {
    flat.additional = { document, schema: schema.additionalProperties };
  } else if (schema.additionalProperties === true) {
    flat.additional = { document, schema: {} };
  }
}

/** The kinds of a schema with a discriminator: by value, the name of the schema that inherits from it. */
export function kindsOf(document: Document, base: string): Map<string, string> {
  const kinds = new Map<string, string>();
  for (const [name, schema] of Object.entries(document.definitions)) {
    const value = schema['x-ms-discriminator-value'];
    if (value !== undefined && inherits(document, schema, base)) kinds.set(value, name);
  }
  return kinds;
}

function inherits(document: Document, schema: Schema, base: string): boolean {
  return (schema.allOf ?? []).some(({ $ref }) => {
    if ($ref === undefined) return false;
    const parent = definitionAt(document, $ref);
    return parent.document === document && (parent.name === base || inherits(document, parent.schema, base));
  });
}
