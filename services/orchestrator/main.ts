// The orchestrator's process.
import { runProcess } from '../../foundation/process/run.ts';
import { startOrchestrator } from './app.ts';
import { readOrchestratorConfig } from './config.ts';

runProcess({
  name: 'orchestrator',
  start: async ({ closing, useLog }) => {
    const service = await startOrchestrator(readOrchestratorConfig());
    useLog(service.telemetry.log);
    closing.add('orchestrator', () => service.close(), { timeoutMs: 25_000 });
    return { address: service.address };
  },
});
