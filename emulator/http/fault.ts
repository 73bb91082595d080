import { randomBytes } from 'node:crypto';

import { timestamp } from '../timestamps.js';

/** What an error body says about where it was made. */
export interface Origin {
  region: string;
  now: Date;
}

/** An error answer: status, headers, and a body made when it is sent. */
export class Fault extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly body: (origin: Origin) => object | undefined,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** Parts of an error of the Azure ML control plane. */
export interface MfeError {
  message: string;
  code?: string;
  /** The call behind it that failed. */
  target?: string;
  /** Codes of the nested chain, outermost first. */
  inner?: string[];
  details?: { code: string; message: string }[];
  format?: string;
  parameters?: Record<string, string>;
}

/** An error in the envelope of the Azure ML control plane (recorded; the chain sits in additionalInfo). */
export function mfeFault(status: number, error: MfeError): Fault {
  return new Fault(
    status,
    error.message,
    (origin) => ({
      error: {
        code: error.code ?? 'UserError',
        message: error.message,
        ...(error.target === undefined ? {} : { target: error.target }),
        details: (error.details ?? []).map((detail) => ({ ...detail, details: [], additionalInfo: [] })),
        additionalInfo: additionalInfo(error, origin),
      },
    }),
    { 'x-ms-response-type': 'error' },
  );
}

/** An error of the ARM front door: code and message, nothing else. */
export function armFault(status: number, code: string, message: string, headers: Record<string, string> = {}): Fault {
  return new Fault(status, message, () => ({ error: { code, message } }), headers);
}

/** Parts of an error of the region's data plane beside its code, message and chain. */
export interface DataPlaneParts {
  /** The service that answers; run history unless another. */
  component?: string;
  format?: string;
  parameters?: Record<string, string>;
  headers?: Record<string, string>;
}

/** An error in the envelope of the region's data plane. */
export function dataPlaneFault(
  status: number,
  code: string,
  message: string,
  inner: string[],
  { component = 'run-history', format, parameters, headers }: DataPlaneParts = {},
): Fault {
  const error = { code, message, innerCodes: inner, ...(format === undefined ? {} : { format, parameters }) };
  return new Fault(status, message, (origin) => runErrorBody(error, origin, component), headers);
}

/** The error object of run history, of a run as of a request. */
export function runErrorBody(
  error: {
    code: string;
    message: string;
    innerCodes: string[];
    format?: string;
    parameters?: Record<string, string> | undefined;
  },
  origin: Origin,
  componentName: string,
): object {
  return {
    error: {
      code: error.code,
      severity: null,
      message: error.message,
      messageFormat: error.format ?? null,
      messageParameters: error.parameters ?? null,
      referenceCode: null,
      detailsUri: null,
      target: null,
      details: [],
      innerError: chain(error.innerCodes),
      debugInfo: null,
      additionalInfo: null,
    },
    correlation: correlation(),
    environment: origin.region,
    location: origin.region,
    time: timestamp(origin.now),
    componentName,
  };
}

function additionalInfo(error: MfeError, origin: Origin): object[] {
  const item = (type: string, value: unknown): object => ({ type, info: { value } });
  return [
    item('ComponentName', 'managementfrontend'),
    item('Correlation', correlation()),
    item('Environment', origin.region),
    item('Location', origin.region),
    item('Time', timestamp(origin.now)),
    ...(error.inner === undefined ? [] : [item('InnerError', chain(error.inner))]),
    ...(error.format === undefined ? [] : [item('MessageFormat', error.format)]),
    ...(error.parameters === undefined ? [] : [item('MessageParameters', error.parameters)]),
  ];
}

function chain(codes: string[]): object | null {
  return codes.reduceRight<object | null>((innerError, code) => ({ code, innerError }), null);
}

function correlation(): object {
  return { operation: randomBytes(16).toString('hex'), request: randomBytes(8).toString('hex') };
}
