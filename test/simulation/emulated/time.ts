/** Seconds of a schedule in a second of a run: what a schedule says in hours is played in minutes. */
export const SCALE = 60;

/** @param seconds of a schedule */
export const milliseconds = (seconds: number): number => (seconds * 1000) / SCALE;

/** @param seconds of a schedule @returns real seconds, at least what a config may say */
export const realSeconds = (seconds: number): number => Math.max(0.5, seconds / SCALE);

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
