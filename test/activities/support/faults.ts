import type { Deps } from '../../../activities/deps.js';
import { connectAzure } from '../../../azure/connection.js';

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
