import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createAuthority, type Pair } from './authority.js';

/** Where the throw-away authority and the certificates lie. */
export interface Certificates {
  /** All that a client must trust: the authority first, then Azurite's certificate. */
  caFile: string;
  certFile: string;
  keyFile: string;
  /** For the names of Azure that the proxy answers for. */
  azureCertFile: string;
  azureKeyFile: string;
  /** A certificate that is its own authority, for Azurite: its server-side copies trust nothing but the certificate it serves. */
  storageCertFile: string;
  storageKeyFile: string;
}

const DAY = 86_400_000;
const LOOPBACK = [
  { type: 'ip', value: '127.0.0.1' },
  { type: 'dns', value: 'localhost' },
] as const;

/** Names that the certificate for the proxy is good for; `ways/hosts.ts` says which plane each belongs to. */
export const AZURE_NAMES = [
  'management.azure.com',
  'login.microsoftonline.com',
  'login.microsoft.com',
  'login.windows.net',
  'sts.windows.net',
  'prices.azure.com',
  '*.api.azureml.ms',
  '*.blob.core.windows.net',
] as const;

/**
 * Makes the authority and every certificate in a folder, or keeps those that lie there and have more than a day to live.
 * The authority's key is thrown away, so nobody can sign anything else with it.
 *
 * @throws Error with a sentence when the folder cannot be written
 */
export async function ensureCertificates(folder: string): Promise<Certificates> {
  const files = {
    caFile: join(folder, 'ca.pem'),
    certFile: join(folder, 'server.pem'),
    keyFile: join(folder, 'server.key'),
    azureCertFile: join(folder, 'azure.pem'),
    azureKeyFile: join(folder, 'azure.key'),
    storageCertFile: join(folder, 'storage.pem'),
    storageKeyFile: join(folder, 'storage.key'),
  };
  if (await stillGood(files)) return files;
  try {
    await mkdir(folder, { recursive: true });
    await makeCertificates(files);
  } catch (error) {
    throw new Error(`The certificates cannot be written to ${folder}: ${(error as Error).message}`, { cause: error });
  }
  return files;
}

async function stillGood(files: Certificates): Promise<boolean> {
  try {
    const [ca, server, azure] = await Promise.all(
      [files.caFile, files.certFile, files.azureCertFile].map(
        async (file) => new X509Certificate(await readFile(file)),
      ),
    );
    if (ca === undefined || server === undefined || azure === undefined) return false;
    await Promise.all(
      [files.keyFile, files.azureKeyFile, files.storageCertFile, files.storageKeyFile].map((file) => readFile(file)),
    );
    const ends = Math.min(...[ca, server, azure].map((each) => Date.parse(each.validTo)));
    const knowsAll = AZURE_NAMES.every((name) => azure.subjectAltName?.includes(`DNS:${name}`) === true);
    return knowsAll && server.verify(ca.publicKey) && azure.verify(ca.publicKey) && ends > Date.now() + DAY;
  } catch {
    return false;
  }
}

async function makeCertificates(files: Certificates): Promise<void> {
  const authority = await createAuthority();
  const server = await authority.sign('127.0.0.1', LOOPBACK);
  const azure = await authority.sign(
    'azureml-emulator',
    AZURE_NAMES.map((value) => ({ type: 'dns', value }) as const),
  );
  const storage = await authority.signItself('storage on 127.0.0.1', LOOPBACK);
  await writePair(files.storageCertFile, files.storageKeyFile, storage);
  await writePair(files.azureCertFile, files.azureKeyFile, azure);
  await writeWhole(files.caFile, `${authority.certificate}\n${storage.certificate}\n`);
  await writePair(files.certFile, files.keyFile, server);
}

async function writePair(certFile: string, keyFile: string, pair: Pair): Promise<void> {
  await writeWhole(keyFile, pair.key, 0o600);
  await writeWhole(certFile, pair.certificate);
}

// A new file in place of the old one: it has the wanted mode whatever lay there, and nobody reads half of it.
async function writeWhole(file: string, text: string, mode = 0o644): Promise<void> {
  await writeFile(`${file}.new`, text, { mode });
  await rename(`${file}.new`, file);
}
