import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { Deps } from '../../../activities/deps.js';
import { connectAzure } from '../../../azure/connection.js';
import { AzureError } from '../../../azure/errors.js';

/**
 * Dependencies whose next request of a method arrives, while its answer is lost on the way back, as when a connection breaks.
 * @returns them, and how many answers were lost so far
 */
export function losingAnswers(deps: Deps, method: string): { deps: Deps; lost: () => number } {
  let lost = 0;
  const connection: Deps['connection'] = (target) => {
    const azure = connectAzure(target);
    // A policy without a phase lies outside the retries: who is cut off has no second try.
    azure.ml.pipeline.addPolicy({
      name: 'loses-an-answer',
      async sendRequest(request, next) {
        const answer = await next(request);
        const loses = request.method === method && lost === 0;
        if (!loses) return answer;
        lost++;
        throw new Error('socket hang up');
      },
    });
    return azure;
  };
  return { deps: { ...deps, connection }, lost: () => lost };
}

/** Dependencies whose requests to Azure ML with `part` in their address are answered by a status, as a front door would. */
export function answering(deps: Deps, part: string, status: number): Deps {
  const connection: Deps['connection'] = (target) => {
    const azure = connectAzure(target);
    azure.ml.pipeline.addPolicy({
      name: 'answers-for-azure',
      async sendRequest(request, next) {
        const hit = new URL(request.url).pathname.includes(part);
        return hit ? { request, status, headers: createHttpHeaders(), bodyAsText: '' } : next(request);
      },
    });
    return azure;
  };
  return { ...deps, connection };
}

/** Dependencies whose storage can be read and takes no write. */
export function refusingWrites(deps: Deps): Deps {
  return {
    ...deps,
    connection(target) {
      const azure = deps.connection(target);
      return {
        ...azure,
        container(account, name) {
          const blobs = azure.container(account, name);
          blobs.write = (path) => Promise.reject(new AzureError('transient', `writing ${path} failed (HTTP 503)`));
          return blobs;
        },
      };
    },
  };
}

/** Dependencies of a worker that is killed behind so many deletions: the next one is never sent. */
export function dyingAfter(deps: Deps, deletions: number): Deps {
  let left = deletions;
  return {
    ...deps,
    connection(target) {
      const azure = deps.connection(target);
      return {
        ...azure,
        container(account, name) {
          const blobs = azure.container(account, name);
          const remove = blobs.remove.bind(blobs);
          blobs.remove = (path) => (left-- > 0 ? remove(path) : Promise.reject(new Error('the worker was killed')));
          return blobs;
        },
      };
    },
  };
}
