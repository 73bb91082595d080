import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';

/** Something is to happen earlier than was known. */
export const earlierSignal = defineSignal('earlier');

const { beat } = proxyActivities<{ beat(request: { place: { run: string } }): Promise<number | null> }>({
  startToCloseTimeout: '1 minute',
});

/** Beside a simulated run: sees to it that what strikes it at a time of its own does so also where no activity is called. */
export async function clockWorkflow(run: string): Promise<void> {
  let poked = false;
  setHandler(earlierSignal, () => void (poked = true));
  for (;;) {
    poked = false;
    const milliseconds = await beat({ place: { run } });
    if (milliseconds === null) return;
    await condition(() => poked, milliseconds);
  }
}
