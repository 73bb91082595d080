import { ApplicationFailure } from '@temporalio/common';

/** An input that is not there, or is none; final. */
export function noDump(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'NoDump');
}

/** An input that is another by now; final. */
export function replaced(dump: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `the dump ${dump} was replaced while it was prepared; start the preparation again, it begins anew with what lies there now`,
    'DumpReplaced',
  );
}

/** A file of this worker that is not the one that another planned with; final. */
export function another(file: string, where: { from: number; to: number } | null, host: string): ApplicationFailure {
  const differs = where === null ? 'its size is another' : `bytes ${where.from} to ${where.to} are others`;
  return ApplicationFailure.nonRetryable(
    `${file} on data worker ${host} is not the file that was planned with: ${differs}; have the same file on all data workers, or name one that all can reach (https, blob:), then start again`,
    'DumpReplaced',
  );
}
