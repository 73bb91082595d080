import { exitCodes } from '../exit-codes.js';
import { explain } from '../failure.js';

/**
 * A look that gives null while the Temporal server does not answer: what is followed for weeks outlives its restarts. Each silence is said once.
 * @throws what is no silence of the server
 */
export function patientLook<T>(note: (sentence: string) => void, look: () => Promise<T>): () => Promise<T | null> {
  let complained = false;
  return async () => {
    try {
      const seen = await look();
      complained = false;
      return seen;
    } catch (error) {
      const { code, text } = explain(error);
      if (code !== exitCodes.noServer.code) throw error;
      if (!complained) note(`${text}; trying again`);
      complained = true;
      return null;
    }
  };
}
