import type { Command } from 'commander';

/** `azureml-emulator certificate`: makes the throw-away authority ahead of time, for a storage emulator that shares it. */
export function addCertificate(program: Command): void {
  program
    .command('certificate')
    .description(
      'make the authority (ca.pem) and the certificates ahead of time, for an Azurite of your own; prints where as JSON',
    )
    .requiredOption('--tls-dir <dir>', 'the folder')
    .action(async ({ tlsDir }: { tlsDir: string }) => {
      const { ensureCertificates } = await import('../certificates/certificates.js');
      process.stdout.write(`${JSON.stringify(await ensureCertificates(tlsDir))}\n`);
    });
}
