// The worker in Python against what a worker sees of the platform. Left out, by name, where there is no Python 3.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '../clients/worker/platform.for-test.ts';
import { describeOnPython } from './installed-programs.for-test.ts';

let platform: TestPlatform;
let worker: ChildProcess | undefined;
beforeEach(async () => {
  platform = await startTestPlatform();
});
afterEach(async () => {
  worker?.kill('SIGKILL');
  await platform.close();
});

function startWorker() {
  const child = spawn('python3', [join(import.meta.dirname, 'example-worker.py')], {
    env: { PATH: process.env.PATH, DOMAINFLOW_URL: platform.url, DOMAINFLOW_TOKEN: 'key' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  worker = child;
  return { child, ended: Promise.all([once(child, 'exit'), text(child.stderr)]) };
}

describeOnPython('the example in Python', () => {
  it('registers, gives signs of life, does tasks one by one, and takes leave when it is ended', async () => {
    platform.refuse('register', [503, 'Away']);
    platform.refuse('result', 'hang up', [503, 'Away']);
    const { child, ended } = startWorker();
    platform.offer('calm', { text: 'The park is lovely' });
    platform.offer('fire', { text: 'There is smoke' }, 2);
    platform.offer('empty', {});
    await platform.until(() => platform.results.length === 4);
    child.kill('SIGTERM');
    platform.offer('last', { text: 'flooded' }); // whatever waits is answered, so that nothing is lost
    const [[code], stderr] = await ended;
    expect([code, stderr]).toEqual([0, '']);
    const calm = ['calm/1', { output: { urgency: 'normal' }, confidence: 0.6 }];
    expect(platform.results.slice(0, 4)).toEqual([
      calm,
      calm,
      ['fire/2', { output: { urgency: 'high' }, confidence: 0.9, reasoning: 'The text speaks of "smoke".' }],
      ['empty/1', { error_code: 'output_invalid', error_message: 'input_data has no text' }],
    ]);
    const signs = platform.asked.filter(({ path }) => path === '/api/v2/agents/worker-1/heartbeat');
    expect(signs[0]?.body).toEqual({ running_task_ids: [] });
    expect(signs.at(-1)?.body).toEqual({ status: 'offline', running_task_ids: [] });
    expect(platform.asked[0]?.authorization).toBe('Bearer key');
  });

  it('ends with an error when it is refused', async () => {
    platform.refuse('register', [403, 'The key may not do this']);
    const [[code], stderr] = await startWorker().ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('403')]);
  });
});
