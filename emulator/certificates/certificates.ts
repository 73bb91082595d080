import './reflect.js';

import { X509Certificate, randomBytes, webcrypto } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as x509 from '@peculiar/x509';

/** Where the throw-away authority and the server's certificate lie. */
export interface Certificates {
  caFile: string;
  certFile: string;
  keyFile: string;
  /** A certificate that is its own authority, for Azurite: its server-side copies trust nothing but the certificate it serves. */
  storageCertFile: string;
  storageKeyFile: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 86_400_000;
const LIFE_DAYS = 365;

/**
 * Makes `ca.pem`, `server.pem` and `server.key`, and `storage.pem` and `storage.key` for Azurite, in a folder, or keeps the ones that lie there and have more than a day to
 * live. The server's certificate is good for 127.0.0.1 and localhost; the authority's key is thrown away, so nobody can
 * sign anything else with it. `ca.pem` holds the authority first and then Azurite's certificate: all that a client must trust.
 *
 * @throws Error with a sentence when the folder cannot be written
 */
export async function ensureCertificates(folder: string): Promise<Certificates> {
  const files = {
    caFile: join(folder, 'ca.pem'),
    certFile: join(folder, 'server.pem'),
    keyFile: join(folder, 'server.key'),
    storageCertFile: join(folder, 'storage.pem'),
    storageKeyFile: join(folder, 'storage.key'),
  };
  if (await stillGood(files)) return files;
  await mkdir(folder, { recursive: true });
  const made = await makeCertificates();
  await writeFile(files.keyFile, made.key, { mode: 0o600 });
  await chmod(files.keyFile, 0o600);
  await writeFile(files.storageKeyFile, made.storageKey, { mode: 0o600 });
  await writeFile(files.storageCertFile, made.storageCert);
  await writeFile(files.caFile, `${made.ca}\n${made.storageCert}\n`);
  await writeFile(files.certFile, made.cert);
  return files;
}

async function stillGood(files: Certificates): Promise<boolean> {
  try {
    const ca = new X509Certificate(await readFile(files.caFile));
    const server = new X509Certificate(await readFile(files.certFile));
    await Promise.all([files.keyFile, files.storageCertFile, files.storageKeyFile].map((file) => readFile(file)));
    const ends = Math.min(Date.parse(ca.validTo), Date.parse(server.validTo));
    return server.verify(ca.publicKey) && ends > Date.now() + DAY;
  } catch {
    return false;
  }
}

async function makeCertificates(): Promise<Record<'ca' | 'cert' | 'key' | 'storageCert' | 'storageKey', string>> {
  x509.cryptoProvider.set(webcrypto);
  const generate = (): Promise<webcrypto.CryptoKeyPair> =>
    webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const [authority, server, storage] = [await generate(), await generate(), await generate()];
  const notBefore = new Date(Date.now() - DAY);
  const notAfter = new Date(Date.now() + LIFE_DAYS * DAY);
  const issuer = 'CN=azureml-emulator throw-away authority';
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: issuer,
    notBefore,
    notAfter,
    signingAlgorithm: ALGORITHM,
    keys: authority,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  const forLoopback = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension([
      { type: 'ip', value: '127.0.0.1' },
      { type: 'dns', value: 'localhost' },
    ]),
  ];
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: 'CN=127.0.0.1',
    issuer,
    notBefore,
    notAfter,
    signingAlgorithm: ALGORITHM,
    publicKey: server.publicKey,
    signingKey: authority.privateKey,
    extensions: [...forLoopback, await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey)],
  });
  const storageCert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=storage on 127.0.0.1',
    notBefore,
    notAfter,
    signingAlgorithm: ALGORITHM,
    keys: storage,
    extensions: forLoopback,
  });
  return {
    ca: ca.toString('pem'),
    cert: cert.toString('pem'),
    key: await privateKey(server),
    storageCert: storageCert.toString('pem'),
    storageKey: await privateKey(storage),
  };
}

async function privateKey(pair: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey), 'PRIVATE KEY');
}

// A leading zero byte would make the number negative or shorter than its encoding, so the first byte is fixed.
function serial(): string {
  return `01${randomBytes(15).toString('hex')}`;
}
