// One line for all executions that are read again within a while, however many they are.
import { mock } from 'node:test';
import { expect, it } from '@jest/globals';
import { createLog } from '../../../foundation/telemetry/log.ts';
import { createReloadLog } from './reload-log.ts';

it('is told once for an interval, with the number of executions, and again in the next one', () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  const lines: unknown[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const note = createReloadLog(createLog({ service: 'test', level: 'warn', destination }));
  for (let at = 0; at < 1_000; at += 1) note(`run ${at}`, new Error('The database is away'));
  mock.timers.tick(1_000);
  note('another', new Error('again'));
  mock.timers.tick(1_000);
  mock.timers.reset();
  expect(lines).toMatchObject([
    { count: 1_000, execution_id: 'run 0', err: { message: 'The database is away' } },
    { count: 1, execution_id: 'another', err: { message: 'again' } },
  ]);
});
