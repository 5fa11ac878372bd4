// The agents service of a benchmark in a process of its own, over its real socket: its runtimes are replaced by tasks that do nothing, or wait.
import { startAgents } from '../services/agents/app.ts';
import { readAgentsConfig } from '../services/agents/config.ts';
import { performing } from './measured-engine.ts';
import { taskOf } from './workload-tasks.ts';

const perform = performing({});
const config = readAgentsConfig({ ...process.env, LOG_LEVEL: 'silent' });

const service = await startAgents(config, () => async ({ agentId, input }) => {
  const output = { answer: { ...(await perform('', taskOf(String(input.workload), agentId))) } };
  const answer = { output, reasoning: '', confidence: 1, spans: {}, references: [] };
  return { answer, runtime: 'builtin' };
});
process.send?.({ address: service.address });
process.once('disconnect', () => process.exit(0));
