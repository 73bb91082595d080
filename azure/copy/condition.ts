import { AsyncLocalStorage } from 'node:async_hooks';
import {
  BaseRequestPolicy,
  type HttpOperationResponse,
  type Pipeline,
  type RequestPolicy,
  type RequestPolicyOptions,
  type WebResource,
} from '@azure/storage-blob';

const wanted = new AsyncLocalStorage<string>();

/** Runs one Put Block From URL that the service takes only while the source has this ETag, else it answers 412. */
export function whileSourceIs<T>(etag: string, call: () => Promise<T>): Promise<T> {
  return wanted.run(etag, call);
}

/**
 * Lets `whileSourceIs` work for the clients of a pipeline. Put Block From URL knows `x-ms-source-if-match`, the SDK's method for it does not
 * (12.32 drops `sourceConditions`), and without it a source that is replaced midway gives a blob of two versions.
 */
export function sendSourceConditions(pipeline: Pipeline): void {
  pipeline.factories.unshift({ create: (next, options) => new SourceCondition(next, options) });
}

class SourceCondition extends BaseRequestPolicy {
  constructor(next: RequestPolicy, options: RequestPolicyOptions) {
    super(next, options);
  }

  sendRequest(request: WebResource): Promise<HttpOperationResponse> {
    const etag = wanted.getStore();
    if (etag !== undefined && request.headers.contains('x-ms-copy-source'))
      request.headers.set('x-ms-source-if-match', etag);
    return this._nextPolicy.sendRequest(request);
  }
}
