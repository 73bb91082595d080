import { existsSync, readFileSync } from 'node:fs';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { bertha } from '../installation.js';

/** Where Temporal is and how to sign in. */
export interface TemporalTarget {
  readonly address: string;
  readonly namespace: string;
  /** Sign-in and TLS, without the address. */
  readonly options: Omit<ClientConnectConfig['connectionOptions'], 'address'>;
  readonly from: 'environment' | 'local stack';
}

/** No Temporal to talk to: one sentence for the person. */
export class NoTemporalError extends Error {}

/**
 * The environment first (TEMPORAL_ADDRESS, TEMPORAL_PROFILE, temporal.toml: https://docs.temporal.io/develop/environment-configuration),
 * then the local stack of this clone.
 * @param stack name of the local stack to fall back to
 */
export function temporalTarget(stack: string): TemporalTarget {
  const { connectionOptions, namespace } = fromEnvironment();
  if (connectionOptions.address !== undefined) {
    const { address, ...options } = connectionOptions;
    return { address, namespace: namespace ?? 'default', options, from: 'environment' };
  }
  const file = bertha('stacks', stack, 'stack.json');
  if (existsSync(file)) {
    const { temporal } = JSON.parse(readFileSync(file, 'utf8')) as { temporal: { address: string } };
    return { address: temporal.address, namespace: 'default', options: {}, from: 'local stack' };
  }
  throw new NoTemporalError(
    'no Temporal server is configured: set TEMPORAL_ADDRESS (or a profile in temporal.toml), or start the local stack with: npx bertha up',
  );
}

function fromEnvironment(): ClientConnectConfig {
  try {
    return loadClientConnectConfig();
  } catch (cause) {
    const file = process.env['TEMPORAL_CONFIG_FILE'] ?? 'temporal.toml';
    throw new NoTemporalError(
      `the Temporal profile cannot be read (${file}, profile ${process.env['TEMPORAL_PROFILE'] ?? 'default'}): ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
