import './reflect.js';

import { randomBytes, webcrypto } from 'node:crypto';

import * as x509 from '@peculiar/x509';

/** A certificate and its private key, both PEM. */
export interface Pair {
  certificate: string;
  key: string;
}

/** A name or an address that a certificate is good for. */
export type Subject = Readonly<{ type: 'ip' | 'dns'; value: string }>;

/** A certificate authority whose key is never written down: it is gone when nobody holds this object any more. */
export interface Authority {
  /** PEM */
  certificate: string;
  /** A server's certificate of this authority. */
  sign(commonName: string, subjects: readonly Subject[]): Promise<Pair>;
  /** A server's certificate that is its own authority. */
  signItself(commonName: string, subjects: readonly Subject[]): Promise<Pair>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const ISSUER = 'CN=azureml-emulator throw-away authority';
const DAY = 86_400_000;
const LIFE_DAYS = 365;

/** Makes an authority that is good for a year, beginning yesterday: clocks differ. */
export async function createAuthority(): Promise<Authority> {
  x509.cryptoProvider.set(webcrypto);
  const keys = await generate();
  const life = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + LIFE_DAYS * DAY) };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...life,
    serialNumber: serial(),
    name: ISSUER,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const shared = { ...life, signingAlgorithm: ALGORITHM };
  return {
    certificate: certificate.toString('pem'),
    async sign(commonName, subjects) {
      const own = await generate();
      const signed = await x509.X509CertificateGenerator.create({
        ...shared,
        serialNumber: serial(),
        subject: `CN=${commonName}`,
        issuer: ISSUER,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        extensions: [...forServer(subjects), await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey)],
      });
      return pair(signed, own);
    },
    async signItself(commonName, subjects) {
      const own = await generate();
      const options = { ...shared, serialNumber: serial(), name: `CN=${commonName}`, keys: own };
      const signed = await x509.X509CertificateGenerator.createSelfSigned({
        ...options,
        extensions: forServer(subjects),
      });
      return pair(signed, own);
    },
  };
}

function forServer(subjects: readonly Subject[]): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension([...subjects]),
  ];
}

function generate(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function pair(certificate: x509.X509Certificate, keys: webcrypto.CryptoKeyPair): Promise<Pair> {
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { certificate: certificate.toString('pem'), key };
}

// A leading zero byte would make the number negative or shorter than its encoding, so the first byte is fixed.
function serial(): string {
  return `01${randomBytes(15).toString('hex')}`;
}
