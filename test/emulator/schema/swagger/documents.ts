import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A schema of Swagger 2.0 or OpenAPI 3.0, as much of it as Azure's documents use. */
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: string[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  allOf?: Schema[];
  additionalProperties?: boolean | Schema;
  /** Name of the member that tells the kind. */
  discriminator?: string;
  readOnly?: boolean;
  nullable?: boolean;
  'x-nullable'?: boolean;
  'x-ms-mutability'?: string[];
  'x-ms-discriminator-value'?: string;
}

/** A parameter of an operation: the body is the one that is `in: body`. */
export interface Parameter {
  $ref?: string;
  in?: string;
  schema?: Schema;
}

/** A request's and its answers' declaration. */
export interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema?: Schema } | undefined> };
  responses: Record<string, { schema?: Schema; content?: Record<string, { schema?: Schema } | undefined> } | undefined>;
}

/** A document, with the place it was read from. */
export interface Document {
  file: string;
  /** Whether it is OpenAPI 3.0, in which nothing can be said beside a reference. */
  isOpenApi: boolean;
  paths: Record<string, Record<string, Operation | undefined>>;
  /** Schemas by name, wherever the kind of document keeps them. */
  definitions: Record<string, Schema>;
  parameters: Record<string, Parameter>;
}

/** A schema with the document that its references are relative to. */
export interface Placed {
  document: Document;
  schema: Schema;
}

/** The api-version of the management plane's schema. */
export const VERSION = '2023-10-01';

const RESOURCE_MANAGER = 'machinelearningservices/resource-manager/Microsoft.MachineLearningServices';

/** The folder of Azure's own schema, beside the clone or in BERTHA_SHARED. */
export const SWAGGER = join(process.env['BERTHA_SHARED'] ?? resolve('..', 'shared'), 'azure-swagger');

/** The documents of the management plane at 2023-10-01, and that of run history. */
export const FILES = {
  arm: ['machineLearningServices.json', 'mfe.json'].map((name) =>
    join(SWAGGER, RESOURCE_MANAGER, 'stable', VERSION, name),
  ),
  history: [join(SWAGGER, RESOURCE_MANAGER, 'preview/runhistory/run-history.json')],
};

const documents = new Map<string, Document>();

/** Reads a document, once. */
export function documentAt(file: string): Document {
  const known = documents.get(file);
  if (known !== undefined) return known;
  const read = JSON.parse(readFileSync(file, 'utf8')) as Partial<Document> & {
    components?: { schemas?: Document['definitions'] };
  };
  const document: Document = {
    file,
    isOpenApi: 'openapi' in read,
    parameters: read.parameters ?? {},
    paths: read.paths ?? {},
    definitions: read.definitions ?? read.components?.schemas ?? {},
  };
  documents.set(file, document);
  return document;
}

/** Follows a reference to a schema by name. @throws Error for any other reference */
export function definitionAt(from: Document, ref: string): Placed & { name: string } {
  const [path = '', pointer = ''] = ref.split('#');
  const document = path === '' ? from : documentAt(resolve(from.file, '..', path));
  const name = pointer.split('/').pop() ?? '';
  const schema = document.definitions[name];
  if (schema === undefined) throw new Error(`${from.file} refers to ${ref}, which is no schema.`);
  return { document, schema, name };
}

/** A parameter, its reference followed. @returns undefined for those of the documents that all of Azure shares: none is a body */
export function parameterOf({ parameters }: Document, given: Parameter): Parameter | undefined {
  return given.$ref === undefined ? given : parameters[given.$ref.replace('#/parameters/', '')];
}
