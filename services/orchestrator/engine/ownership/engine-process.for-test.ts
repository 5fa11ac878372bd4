// A process with an engine that a test kills: it starts executions whose first task ends at once and whose second never does.
// Arguments: the URLs of the database as JSON, and how many executions.
import type { TestUrls } from '../../store/stores.for-test.ts';
import { answered, beginTestEngine, recordOf, untilAborted } from '../engine.for-test.ts';

const [urls = '', count = ''] = process.argv.slice(2);

const engine = await beginTestEngine(JSON.parse(urls) as TestUrls, {
  replicaName: 'killed',
  invoke: async (invocation) =>
    invocation.agent.agentId === 'first' ? answered('by the killed process') : untilAborted(invocation),
});
for (let at = 0; at < Number(count); at += 1) await engine.start(recordOf({ first: [], second: ['first'] }));
