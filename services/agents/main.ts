// The process of the agents service.
import { runProcess } from '../../foundation/process/run.ts';
import { startAgents } from './app.ts';
import { readAgentsConfig } from './config.ts';

runProcess({
  name: 'agents',
  start: async ({ closing, useLog }) => {
    const service = await startAgents(readAgentsConfig());
    useLog(service.telemetry.log);
    closing.add('agents', () => service.close(), { timeoutMs: 25_000 });
    return { address: service.address };
  },
});
