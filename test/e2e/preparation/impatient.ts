import type { WorkflowInterceptors } from '@temporalio/workflow';

/** A dead worker is noticed after a few seconds instead of twenty, so that a test may kill one. */
export const interceptors = (): WorkflowInterceptors => ({
  outbound: [
    {
      scheduleActivity: (input, next) =>
        next({ ...input, options: { ...input.options, heartbeatTimeout: '7 seconds' } }),
    },
  ],
});
