import { existsSync, readFileSync } from 'node:fs';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.js';
import { bertha } from '../../installation.js';

/**
 * `time-skipping` passes over waiting in no time. `dev` is the real server, in real time: what becomes of an activity that is canceled
 * while it runs is decided by the server, and the time-skipping one decides it otherwise (or not at all).
 */
export type ServerKind = 'time-skipping' | 'dev';

/** Starts a server of its own on a free port, our search attributes registered in it where it can; `teardown` ends it. */
export function startServer(kind: ServerKind): Promise<TestWorkflowEnvironment> {
  const executable = { type: 'existing-path', path: program(kind) } as const;
  return kind === 'dev'
    ? TestWorkflowEnvironment.createLocal({
        server: {
          executable,
          log: { format: 'pretty', level: 'error' },
          searchAttributes: ourSearchAttributes(),
          extraArgs: PUNCTUAL,
        },
      })
    : TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
}

const ourSearchAttributes = () =>
  Object.entries(SEARCH_ATTRIBUTES).map(([name, kind]) =>
    defineSearchAttributeKey(name, kind === 'Int' ? SearchAttributeType.INT : SearchAttributeType.KEYWORD),
  );

/** The server lets timers, those between two tries of an activity too, be late by up to a second; so many of them stand in a test. */
const PUNCTUAL = ['--dynamic-config-value', 'history.timerProcessorMaxTimeShift="10ms"'];

const places = {
  'time-skipping': { tool: 'testServer', variable: 'BERTHA_TEST_SERVER' },
  dev: { tool: 'temporal', variable: 'BERTHA_TEMPORAL' },
} as const;

/**
 * Path of the program that the set-up installed, else the one named by the variable.
 * @throws where there is neither: the tests of the workflows are too important to be passed over in silence
 */
export function program(kind: ServerKind): string {
  const { tool, variable } = places[kind];
  const file = bertha('tools.json');
  const tools = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<string, string>>) : {};
  const path = tools[tool] ?? process.env[variable];
  if (path === undefined) {
    throw new Error(
      `no Temporal server (${kind}): run the tests with "npm test", or set ${variable} to the path of its program`,
    );
  }
  return path;
}
