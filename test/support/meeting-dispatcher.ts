/** Contracts whose first so-many calls all read the state before any of them is answered: a race that always happens. */
import { createDispatcher, type Dispatcher } from '../../network/embedded/dispatcher.js';

export async function meetingDispatcher(racers: () => number): Promise<Dispatcher> {
  const real = await createDispatcher();
  let arrived = 0;
  let release: () => void = () => {};
  const together = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    metadata: real.metadata,
    async Invoke(stub) {
      const response = await real.Invoke(stub);
      if (arrived < racers()) {
        arrived += 1;
        if (arrived === racers()) release();
        await together;
      }
      return response;
    },
  };
}
