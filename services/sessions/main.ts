// The process of the sessions service.
import { runProcess } from '../../foundation/process/run.ts';
import { startSessions } from './app.ts';
import { readSessionsConfig } from './config.ts';

runProcess({
  name: 'sessions',
  start: async ({ closing, useLog }) => {
    const service = await startSessions(readSessionsConfig());
    useLog(service.telemetry.log);
    closing.add('sessions', () => service.close());
    return { address: service.address };
  },
});
