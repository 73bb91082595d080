/** What the exit code of `bertha` says; printed by `bertha --help`. */
export const exitCodes = {
  ok: { code: 0, meaning: 'it worked; a run that was followed to its end completed' },
  failed: { code: 1, meaning: 'the command failed, or the run that was followed failed or was canceled' },
  usage: { code: 2, meaning: 'the command line or the config is wrong' },
  noSuchRun: { code: 3, meaning: 'there is no run of that name' },
  noServer: { code: 4, meaning: 'no Temporal server is configured, or it does not answer' },
  interrupted: {
    code: 130,
    meaning: 'stopped by Ctrl-C before the end (up, worker and tensorboard end with 0: Ctrl-C is how they end)',
  },
} as const;

export type ExitCode = keyof typeof exitCodes;
