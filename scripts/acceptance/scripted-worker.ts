// A worker that the suite itself is: agents of runtime worker are done by it as a test says, so that any course of a run can be had on any
// deployment, without a model and without an address that the deployment could call.
import type { NewAgent, NewAgentSettings } from '../../clients/api/gen/api-types.ts';
import { runWorker } from '../../clients/worker/run-worker.ts';
import type { Handle } from '../../clients/worker/worker-parts.ts';
import { makeAgent } from './sample.ts';
import type { TestContext } from './suite.ts';

/** A worker at work. */
export interface ScriptedWorker {
  /** What an agent must require to be done by it. */
  readonly capability: string;
  /** Creates an agent that it does and answers the id. */
  agent(more?: Partial<NewAgent>): Promise<string>;
  /** Lets it go; also done at the end of the run. */
  stop(): Promise<void>;
}

/** How long the deployment may take to register a worker, in milliseconds: a worker by itself would try for ever. */
const registeredMsMax = 10_000;

/** Starts a worker that answers as `handle` says. */
export async function startScriptedWorker(t: TestContext, handle: Handle): Promise<ScriptedWorker> {
  const capability = t.unique('can').toLowerCase();
  const stopping = new AbortController();
  const name = t.unique('Worker');
  const { promise: registered, resolve, reject } = Promise.withResolvers<void>();
  const working = runWorker({
    ...{ url: t.url, credential: t.tokens.admin, name, type: 'custom', capabilities: [capability], handle },
    ...{ concurrency: 10, heartbeatS: 10, waitS: 2, graceMs: 1_000, signal: stopping.signal },
    tell: ({ event }) => event === 'registered' && resolve(),
  });
  working.then(() => resolve(), reject);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await working.catch(() => undefined); // that it failed was told where it was waited for
  };
  t.later(`worker ${name}`, async () => {
    await stop();
    await removeWorker(t, name);
  });
  const limit = setTimeout(() => reject(new Error('The deployment registers no worker')), registeredMsMax);
  try {
    await registered;
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(limit);
  }
  const settings: NewAgentSettings = {
    runtime: 'worker',
    required_capabilities: [capability],
    max_retries: 0,
  };
  return { capability, agent: (more = {}) => makeAgent(t, { settings, ...more }), stop };
}

async function removeWorker(t: TestContext, name: string): Promise<void> {
  const { agents } = await t.as('admin').get('/api/v2/agents', { query: { limit: 1_000 } });
  const found = agents.find((worker) => worker.name === name);
  if (found) await t.as('admin').delete('/api/v2/agents/{agent_id}', { path: { agent_id: found.id } });
}
