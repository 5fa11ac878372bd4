// Begins what calls workers, watches over the signs of life of all, and checks how the services are: each ends with the service, and calls under
// way are handed over to other replicas.
import { createCallWorker } from '../../clients/call-worker.ts';
import { createCheckWorker } from '../../clients/check-worker.ts';
import { createRunCalls } from '../../clients/run-calls.ts';
import type { DispatchParts } from './dispatch-parts.ts';
import { beginHealthServices } from './health-services.ts';
import { beginHealthWorkers } from './health-workers.ts';
import { beginPushDispatch } from './push-dispatch.ts';

/** Begins them. */
export function beginPush({
  frame,
  clients,
  mint,
  ownToken,
  deliver,
  signals,
  engineStores,
}: DispatchParts): void {
  const { telemetry, closing, health } = frame;
  const { tracer, log } = telemetry;
  const { dispatchQueue: queue, calls: store, workerHealth: workers, healthKeeper: keeper } = engineStores;
  const shared = { queue, deliver, log, random: Math.random };
  const call = createCallWorker({ agents: clients.agents, callsOf: createRunCalls(mint), tracer });
  const push = beginPushDispatch({ ...shared, store, call });
  const stopListening = [signals.listen(push.wake), signals.listenToCancels(push.cancelled)];
  closing.add('calls of workers', async () => {
    for (const stop of stopListening) stop();
    await push.close();
  });
  const check = createCheckWorker(clients.workerChecks, ownToken);
  closing.add('health of workers', beginHealthWorkers({ ...shared, workers, check, onBack: push.wake }));
  const stateOf: Parameters<typeof beginHealthServices>[0]['stateOf'] = async (service, timeoutMs) =>
    service === 'orchestrator' ? health.overall() : clients.stateOf(service, timeoutMs);
  closing.add('health of services', beginHealthServices({ keeper, stateOf, log }));
}
