import { InvalidArgumentError } from 'commander';

import { ROLES, type Role } from '../identity/principals.js';

/** A port of an option. @throws InvalidArgumentError with a sentence */
export function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 65_536 && text.trim() !== '') return value;
  throw new InvalidArgumentError('Use a whole number from 0 to 65535.');
}

/** A number of seconds and the like. @throws InvalidArgumentError with a sentence */
export function amount(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && text.trim() !== '') return value;
  throw new InvalidArgumentError('Use a number of 0 or more.');
}

/** A factor. @throws InvalidArgumentError with a sentence */
export function factor(text: string): number {
  const value = amount(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('Use a number above 0.');
}

/** The address of an account at an Azurite. @throws InvalidArgumentError with a sentence */
export function endpoint(text: string): string {
  const isRight = URL.canParse(text) && /^https:\/\/[^/]+\/[^/]+\/?$/.test(text);
  if (isRight) return text;
  throw new InvalidArgumentError('Use https://127.0.0.1:PORT/ACCOUNT.');
}

/** A service principal as an option names it. */
export interface PrincipalFlag {
  clientId: string;
  /** null: any secret is taken. */
  secretFile: string | null;
  role: Role;
}

/** Reads `<clientId>[=<secretFile>]:<role>` and adds it to those before. @throws InvalidArgumentError with a sentence */
export function principal(text: string, before: readonly PrincipalFlag[] = []): PrincipalFlag[] {
  const [, clientId = '', secretFile, word] = /^([^=:]+)(?:=(.+))?:([a-z]+)$/.exec(text) ?? [];
  const role = ROLES.find((each) => each === word);
  if (role !== undefined) return [...before, { clientId, secretFile: secretFile ?? null, role }];
  throw new InvalidArgumentError(`Use <clientId>=<secretFile>:<role>, the role one of ${ROLES.join(', ')}.`);
}
