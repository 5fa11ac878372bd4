// The registry's process.
import { runProcess } from '../../foundation/process/run.ts';
import { startRegistry } from './app.ts';
import { readRegistryConfig } from './config.ts';

runProcess({
  name: 'registry',
  start: async ({ closing, useLog }) => {
    const service = await startRegistry(readRegistryConfig());
    useLog(service.telemetry.log);
    closing.add('registry', () => service.close());
    return { address: service.address };
  },
});
