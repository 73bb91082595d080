/**
 * Seconds of one optimizer step: configs/bert-large-multi-node.yaml does 187,000 steps of 4,096 sequences in some 32 hours. Policies that save
 * every so many steps, or once an epoch, are turned into seconds by it.
 */
export const STEP_SECONDS = (32 * 3600) / 187_000;

/**
 * What Hugging Face's Trainer saves by where nobody says otherwise:
 * https://github.com/huggingface/transformers/blob/v4.18.0/src/transformers/training_args.py (`save_steps`, default 500)
 */
export const TRAINER_DEFAULT_SECONDS = 500 * STEP_SECONDS;

/** A look at a job, the same for all who look at one. */
export const POLL_SECONDS = 30;

/** From the look that sees the end to the answer of the next submission, the same for all who submit; our own bar is a p95 of poll + 5 s. */
export const ANSWER_SECONDS = 5;

/** The next look of one who looks every so many seconds since `readyAt`, after `at`. */
export function nextLook(readyAt: number, at: number, everySeconds: number): number {
  return readyAt + (Math.floor((at - readyAt) / everySeconds) + 1) * everySeconds;
}
