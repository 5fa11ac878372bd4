// The API of workers and tasks as cheaply as it can be asked from one process: kept connections, no checks of what comes back.
import { Pool } from 'undici';

/** An attempt that was given. */
export interface GivenTask {
  readonly task_id: string;
  readonly attempt: number;
}

/** Posts a body and answers what was answered. Throws for any status from 300. */
export type PostWork = (path: string, body: object) => Promise<unknown>;

/** Posting to a gateway over at most so many connections, and the end of it. */
export function createWorkClient(gatewayUrl: string, token: string, connections: number) {
  const pool = new Pool(gatewayUrl, { connections, headersTimeout: 60_000 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const post: PostWork = async (path, body) => {
    const request = { path: `/api/v2${path}`, method: 'POST', headers, body: JSON.stringify(body) } as const;
    const answer = await pool.request(request);
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text);
  };
  return { post, close: () => pool.close() };
}

/** Does the work for each number below `count`, in so many lanes. */
export async function inLanes(count: number, lanes: number, work: (at: number) => Promise<void>) {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Does the work and notes how long it took, in milliseconds. */
export async function timed<T>(timesMs: number[], work: () => Promise<T>): Promise<T> {
  const startMs = performance.now();
  const result = await work();
  timesMs.push(performance.now() - startMs);
  return result;
}
