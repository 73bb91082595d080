import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BlobServiceClient,
  ContainerSASPermissions,
  StorageSharedKeyCredential,
  generateBlobSASQueryParameters,
} from '@azure/storage-blob';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { armRequest, send } from '../../azure/arm.js';
import { BlobContainer } from '../../azure/blob.js';
import { AzureError, type AzureErrorKind, fromStatus } from '../../azure/errors.js';
import { findSecrets } from '../house/secrets.js';
import { closedAddress, otherCloud } from './support/clouds.js';
import { activities, azure, config, deps, place, store } from './support/deps.js';
import { environmentOf, failure, run } from './support/run.js';
import { sharedStack } from './support/stack.js';

describe('activities: failures', function () {
  this.timeout(30_000);
  before(store);

  describe('as Temporal sees them', () => {
    const kinds: Record<AzureErrorKind, { nonRetryable: boolean }> = {
      transient: { nonRetryable: false },
      'not-found': { nonRetryable: false },
      conflict: { nonRetryable: false },
      unauthorized: { nonRetryable: false },
      permanent: { nonRetryable: true },
    };
    for (const [kind, { nonRetryable }] of Object.entries(kinds)) {
      it(`are ${nonRetryable ? 'final' : 'repeated'} where Azure's answer is ${kind}, with its one sentence`, async () => {
        const error = new AzureError(kind as AzureErrorKind, 'reading a thing failed', { cause: new Error('inner') });
        const failed = await failure(run(() => Promise.reject(error), null));
        assert.deepEqual(
          [failed.type, failed.nonRetryable, failed.message, failed.cause],
          [`Azure:${kind}`, nonRetryable, 'reading a thing failed', undefined],
        );
      });
    }

    it('B15 are repeated where nobody knows what went wrong, and keep the name of the error', async () => {
      const failed = await failure(run(() => Promise.reject(new TypeError('x is undefined')), null));
      assert.deepEqual([failed.type, failed.nonRetryable, failed.message], ['TypeError', false, 'x is undefined']);
    });

    const aborted = Object.assign(new Error('the call was aborted'), { name: 'AbortError' });
    it('are a cancellation where the activity was canceled and an aborted call is all that went wrong', async () => {
      const environment = environmentOf({});
      const { cancellationSignal } = environment.context;
      const waiting = environment.run(
        () => new Promise((_, reject) => cancellationSignal.addEventListener('abort', () => reject(aborted))),
      );
      environment.cancel();
      await assert.rejects(waiting, CancelledFailure);
      await assert.rejects(
        environmentOf({}).run(() => Promise.reject(aborted)),
        ApplicationFailure,
        'nobody canceled this one',
      );
    });
  });

  it('are one sentence also where a gateway answers with a page', () => {
    const page =
      '<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<h1>504 Gateway Time-out</h1>\r\n<hr>nginx';
    assert.equal(
      fromStatus('GET jobs/x', 504, page).message,
      'GET jobs/x failed (HTTP 504): 504 Gateway Time-out nginx',
    );
  });

  describe('carry no secret', () => {
    it('when an unknown error names a signature, a token or a key', async () => {
      const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x';
      const key = `${'k'.repeat(86)}==`;
      const told = `GET https://a.blob.core.windows.net/c/b?sv=1&sig=abc%2Fdef with Bearer ${token}, token ${token} and AccountKey=${key} failed`;
      const redacted = /sig=REDACTED with Bearer REDACTED, token REDACTED and AccountKey=REDACTED failed$/;
      for (const error of [new Error(told), new AzureError('permanent', told)]) {
        const failed = await failure(run(() => Promise.reject(error), null));
        secretFree(failed);
        assert.match(failed.message, redacted);
      }
    });

    const wrongs = {
      'is forged': {
        signature: (sas: string) => sas.replace(/sig=[^&]+/, 'sig=Zm9yZ2VkZm9yZ2VkZm9yZ2VkZm9yZ2VkZm9yZ2VkZm9yZ2U%3D'),
        minutes: 60,
      },
      'has expired': { signature: (sas: string) => sas, minutes: -10 },
    };
    for (const [what, { signature, minutes }] of Object.entries(wrongs)) {
      it(`when a signature ${what}: reading, listing, writing and copying are refused in one sentence each`, async () => {
        const container = await signed(signature, minutes);
        const calls: (() => Promise<unknown>)[] = [
          () => container.text('x'),
          () => container.list('x'),
          () => container.write('x', 'y'),
          () => container.sha256('x'),
          () => container.append('x', 'y'),
        ];
        for (const call of calls) {
          const failed = await failure(run(call, null));
          assert.match(failed.message, /^(reading|listing|writing|hashing|appending to) x failed \(HTTP 403\): \w+/);
          assert.equal(failed.type, 'Azure:unauthorized');
          secretFree(failed);
        }
      });
    }

    it('when the source of a server-side copy refuses the signature', async () => {
      const source = azure().container('devstoreaccount1', 'bertha');
      await source.write('secret-source', 'content');
      const forged = Object.assign(azure().container('devstoreaccount1', 'bertha'), {
        readOnlySas: () => Promise.resolve('sv=2024-05-04&sr=b&sp=r&se=2030-01-01&sig=Zm9yZ2Vk'),
      });
      const failed = await failure(run(() => source.copyFrom(forged, 'secret-source', 'secret-target'), null));
      assert.match(failed.message, /^copying secret-source failed \(HTTP 40\d\): /);
      secretFree(failed);
    });

    it('when nobody listens at an address that carries a signature', async () => {
      const address = await closedAddress();
      const service = new BlobServiceClient(`${address}/account?sv=1&sig=c2VjcmV0`, undefined, {
        retryOptions: { maxTries: 1 },
      });
      const failed = await failure(run(() => new BlobContainer(service, 'account', 'container').text('x'), null));
      assert.equal(failed.type, 'Azure:transient');
      secretFree(failed);
      const sent = await failure(run(() => send(azure(), 'GET', `${address}/logs?sv=1&sig=c2VjcmV0`), null));
      assert.equal(sent.type, 'Azure:transient');
      secretFree(sent);
    });

    it('when the authority refuses the secret of the worker: the secret is not quoted', async () => {
      const { places } = await sharedStack();
      const clientSecretFile = join(places.folder, 'wrong-secret');
      const wrong = 'a-secret-that-is-wrong-0123456789';
      writeFileSync(clientSecretFile, wrong);
      const cloud = await otherCloud('wrong-secret', (local) => ({
        credential: { ...local.credential, clientSecretFile },
      }));
      const asked = { place: place('errors', cloud), config: config('errors') };
      const { type, nonRetryable, message, stack } = await failure(run(activities.preflight, asked));
      assert.deepEqual({ type, nonRetryable }, { type: 'PreflightFailed', nonRetryable: true });
      assert.match(message, /check azure\.\* in the config and the roles of the worker's identity$/);
      assert.equal(`${message} ${stack}`.includes(wrong), false);
    });

    it('when the control plane refuses a token: the token is not quoted', async () => {
      const cloud = await otherCloud('wrong-audience', () => ({ audience: 'https://vault.azure.net' }));
      const failed = await failure(
        run(() => armRequest(deps.connection(place('errors', cloud).azure), 'GET', '/jobs/x'), null),
      );
      assert.match(failed.message, /^GET jobs\/x failed \(HTTP 401\): /);
      secretFree(failed);
    });
  });

  function secretFree(error: Error): void {
    const said = [
      error.message,
      error.stack ?? '',
      error.cause instanceof Error ? `${error.cause.message} ${error.cause.stack}` : '',
      JSON.stringify(error, Object.getOwnPropertyNames(error)),
    ];
    for (const text of said) assert.deepEqual(findSecrets(text), [], text);
    assert.equal(error.message.includes('\n'), false, error.message);
  }

  /** The run's container opened with a signature instead of a sign-in. */
  async function signed(change: (sas: string) => string, minutes: number): Promise<BlobContainer> {
    const { places, blobUrl } = await sharedStack();
    const key = new StorageSharedKeyCredential('devstoreaccount1', readFileSync(places.storageKey, 'utf8'));
    const expiresOn = new Date(Date.now() + minutes * 60_000);
    const startsOn = new Date(Date.now() - 60 * 60_000);
    const permissions = ContainerSASPermissions.parse('racwdl');
    const sas = generateBlobSASQueryParameters(
      { containerName: 'bertha', permissions, startsOn, expiresOn },
      key,
    ).toString();
    const service = new BlobServiceClient(`${blobUrl}?${change(sas)}`, undefined, azure().sasOptions);
    return new BlobContainer(service, 'devstoreaccount1', 'bertha');
  }
});
