// What brings tasks to workers beside the requests: each loop of this folder is begun here, and ends with the service.
import { beginPush } from './begin-push.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import { beginSchedules } from './schedules.ts';
import { beginSweep } from './sweep.ts';

/** Begins every loop; `address` is where other replicas reach this one. */
export function beginDispatch(parts: DispatchParts, _address: string): void {
  const { frame, engineStores, deliver, waiters, signals } = parts;
  const { closing, telemetry } = frame;
  const queue = engineStores.dispatchQueue;
  closing.add('sweep attempts', beginSweep({ queue, deliver, log: telemetry.log }));
  const stopListening = signals.listen(waiters.offered);
  const stopWaiting = waiters.begin();
  closing.add('waiting workers', async () => {
    stopListening();
    await stopWaiting();
  });
  beginPush(parts);
  const { offered } = signals;
  closing.add(
    'schedules',
    beginSchedules({ schedules: engineStores.schedules, offered, log: telemetry.log }),
  );
}
