/** An error the person who started the preparation can act on: its message is one clear sentence. */
export class CorpusError extends Error {
  override readonly name = 'CorpusError';
}
