// The gateway as a process.
import { runProcess } from '../foundation/process/run.ts';
import { startGateway } from './app.ts';
import { readGatewayConfig } from './config.ts';

runProcess({
  name: 'gateway',
  start: async ({ closing, useLog }) => {
    const gateway = await startGateway(readGatewayConfig());
    useLog(gateway.telemetry.log);
    closing.add('gateway', () => gateway.close(), { timeoutMs: 30_000 });
    return { address: gateway.address };
  },
});
