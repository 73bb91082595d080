import {
  type PipelineRequest,
  type PipelineResponse,
  createHttpHeaders,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import type { SourceVersion } from '../../../domain/copy/blocks.js';
import { AzureError, calling, fromStatus } from '../../errors.js';
import { type CopySource, type SourceBlob, SourceChanged } from '../source.js';

/**
 * Files below a URL of any web server, read by ranges. The bytes go through this process: whether the service could fetch them itself depends
 * on both servers. A version is told by a strong ETag, else by Last-Modified and size; without either it is refused.
 */
export function httpsSource(base: string, send: (request: PipelineRequest) => Promise<PipelineResponse>): CopySource {
  const name = base.replace(/\/$/, '');
  const url = (path: string) => `${name}/${path.split('/').map(encodeURIComponent).join('/')}`;
  const ask = (method: 'HEAD' | 'GET', path: string, headers: Record<string, string>, signal: AbortSignal) => {
    const request = createPipelineRequest({
      url: url(path),
      method,
      headers: createHttpHeaders({ 'accept-encoding': 'identity', ...headers }),
      abortSignal: signal,
      ...(method === 'GET' ? { streamResponseStatusCodes: new Set([206]) } : {}),
    });
    return calling(`reading ${url(path)}`, () => send(request));
  };
  return {
    name,
    list: () =>
      Promise.reject(
        new AzureError(
          'permanent',
          `${name} cannot be listed: over HTTPS only a dataset with its manifest can be copied`,
        ),
      ),
    async look(path, signal) {
      const answer = await ask('HEAD', path, {}, signal);
      return answer.status === 404 ? null : blobOf(name, path, answer, url(path));
    },
    read: async (version, offset, bytes, signal) => {
      const headers = { range: `bytes=${offset}-${offset + bytes - 1}`, ...conditionOf(version) };
      return stretch(version, bytes, await ask('GET', version.path, headers, signal), url(version.path));
    },
    access: null,
    renew: () => undefined,
  };
}

/** What stands for the ETag where the server gives none. */
const DATED = 'modified ';

function blobOf(source: string, path: string, answer: PipelineResponse, url: string): SourceBlob {
  if (answer.status !== 200) throw fromStatus(`looking at ${url}`, answer.status, 'no reason given');
  const { headers } = answer;
  const [strong, modified] = [headers.get('etag'), headers.get('last-modified')];
  const etag = strong !== undefined && !strong.startsWith('W/') ? strong : modified && `${DATED}${modified}`;
  const bytes = Number(headers.get('content-length') ?? NaN);
  if (!etag || Number.isNaN(bytes))
    throw new AzureError(
      'permanent',
      `${url} tells neither ETag nor date, or no length: what is copied could not be held to one version`,
    );
  return { source, path, bytes, etag, contentType: headers.get('content-type') ?? null };
}

function conditionOf({ etag }: SourceVersion): Record<string, string> {
  return etag.startsWith(DATED) ? { 'if-unmodified-since': etag.slice(DATED.length) } : { 'if-match': etag };
}

async function stretch(version: SourceVersion, bytes: number, answer: PipelineResponse, url: string): Promise<Buffer> {
  if (answer.status === 412 || answer.status === 404 || answer.status === 416) throw new SourceChanged(version.path);
  if (answer.status === 200)
    throw new AzureError(
      'permanent',
      `${url} is not served by ranges; fetch it to a folder and copy that (data.source.folder)`,
    );
  if (answer.status !== 206) throw fromStatus(`reading ${url}`, answer.status, 'no reason given');
  const chunks: Buffer[] = [];
  await calling(`reading ${url}`, async () => {
    for await (const chunk of answer.readableStreamBody ?? []) chunks.push(chunk as Buffer);
  });
  const whole = Buffer.concat(chunks);
  const etag = answer.headers.get('etag');
  const isOther =
    etag !== undefined && !etag.startsWith('W/') && !version.etag.startsWith(DATED) && etag !== version.etag;
  // Some servers ignore conditions: the answer's own ETag tells.
  if (isOther) throw new SourceChanged(version.path);
  if (whole.length === bytes) return whole;
  throw new AzureError('transient', `${url} gave ${whole.length} bytes instead of ${bytes}`);
}
