// A worker in a process of its own that a test kills. Arguments: URL of the platform, token, name, and how long a task takes it in milliseconds. It
// writes a line with task and attempt for every one that it begins.
import { setTimeout as wait } from 'node:timers/promises';
import { runWorker } from '../../clients/worker/run-worker.ts';

const [url = '', credential = '', name = '', taskMs = '0'] = process.argv.slice(2);

await runWorker({
  ...{ url, credential, name, type: 'custom', concurrency: 5, heartbeatS: 10 },
  pauses: { firstMs: 50, maxMs: 500 },
  handle: async ({ task_id, input_data }) => {
    await wait(Number(taskMs));
    return { output: { ...input_data, done: task_id } };
  },
  tell: ({ event, taskId, attempt }) => {
    if (event === 'task_begun') process.stdout.write(`${taskId} ${attempt}\n`);
  },
});
