// The process of the reports service.
import { runProcess } from '../../foundation/process/run.ts';
import { startReports } from './app.ts';
import { readReportsConfig } from './config.ts';

runProcess({
  name: 'reports',
  start: async ({ closing, useLog }) => {
    const service = await startReports(readReportsConfig());
    useLog(service.telemetry.log);
    closing.add('reports', () => service.close());
    return { address: service.address };
  },
});
