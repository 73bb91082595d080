import type { EmulatorOptions } from '../options.js';
import { containerOf } from './client.js';
import type { BlobPlace } from './place.js';
import { blobSignature, containerSignature } from './signature.js';

const SAS_HOURS = 24;

/** The workspace's storage account. */
export class StorageAccount {
  readonly name: string;

  /** @throws Error when an endpoint is set without its key */
  constructor(
    readonly endpoint: string,
    options: Pick<EmulatorOptions, 'storageAccount' | 'storageKey'>,
    private readonly caFile: string,
  ) {
    if (options.storageKey === null || options.storageAccount === null) {
      throw new Error(`The storage endpoint ${endpoint} needs --storage-key-file with the account's key.`);
    }
    this.name = options.storageAccount;
    this.key = options.storageKey;
  }

  readonly key: string;

  /** Base of an account's blob endpoint as the emulator itself reaches it. */
  endpointOf(account: string): string {
    return account === this.name ? this.endpoint : this.endpoint.replace(/[^/]+\/?$/, account);
  }

  /** A folder of the account, or of another account at the same address when its key is given. */
  place(container: string, prefix: string, other?: { account: string; key: string }): BlobPlace {
    const account = other?.account ?? this.name;
    const endpoint = this.endpointOf(account);
    return { endpoint, account, key: other?.key ?? this.key, container, prefix: trimmed(prefix), caFile: this.caFile };
  }

  /** Makes a container unless it exists. @throws Error with a sentence where storage does not answer, or not to this key */
  async ensureContainer(container: string): Promise<void> {
    try {
      await containerOf(this.place(container, '')).createIfNotExists();
    } catch (error) {
      const { statusCode, message } = error as { statusCode?: number; message: string };
      const what = statusCode === 403 ? 'refuses the account key' : 'does not answer as Blob storage';
      const reason = message.split('\n')[0] ?? '';
      throw new Error(`${this.endpoint} ${what}: ${reason}`, { cause: error });
    }
  }

  /** An address of a container below `base` with a signature to read, create, write and list, as startPendingUpload hands out. */
  uploadUri(base: string, container: string): string {
    return `${base}/${container}?${containerSignature(this.keyed(container), SAS_HOURS, 'rcwl')}`;
  }

  /** An address of a blob below `base` with a signature to read. */
  readUri(base: string, container: string, blob: string): string {
    const path = blob.split('/').map(encodeURIComponent).join('/');
    return `${base}/${container}/${path}?${blobSignature(this.keyed(container), blob, SAS_HOURS)}`;
  }

  private keyed(container: string): { account: string; key: string; container: string } {
    return { account: this.name, key: this.key, container };
  }
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
