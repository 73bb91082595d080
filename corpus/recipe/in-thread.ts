import { inOwnThread } from '../own-thread.js';
import type { ConvertedFile, ConvertProgress, ConvertRequest } from './convert-file.js';

/** `convertFile` in a thread of its own; on abort what it has written stays where it is. Same result, same errors. */
export function convertFileInThread(
  request: ConvertRequest,
  onProgress: (progress: ConvertProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<ConvertedFile> {
  return inOwnThread(new URL('./thread.js', import.meta.url), request, onProgress, signal);
}
