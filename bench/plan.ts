// How long compiling a plan takes, by its size and with limits off: half of the nodes are listed and joined by edges, the others are
// pulled in by dependencies. Prints one line for each size and fails when 1,000 nodes take 50 ms or more.
import type { Agent } from '../services/registry/core/agent.ts';
import { compilePlan } from '../services/registry/core/plan.ts';
import type { Playbook } from '../services/registry/core/playbook.ts';

const sizes = [10, 100, 1_000, 10_000];
const parentsEach = 3;
const sizeJudged = 1_000;
const limitMs = 50;
const roundsMax = 200;
const secondsEach = 2;

const createdAt = new Date('2025-01-01T00:00:00Z');

function agentOf(agentId: string, agentDependencies: readonly string[]): Agent {
  return {
    id: agentId,
    agentId,
    tenantId: 't',
    agentName: agentId,
    agentClass: 'query',
    systemPrompt: 'Answer. '.repeat(200),
    tools: [],
    agentDependencies,
    maxOutputKeys: 5,
    outputSchema: { answer: { type: 'string' } },
    description: '',
    enabled: true,
    isInbuilt: false,
    version: 1,
    settings: {},
    createdAt,
    updatedAt: createdAt,
    createdBy: 'u',
  };
}

/** Nodes from half on are listed; each has parents among those before it, spread over all of them. */
function sourceOf(size: number): {
  readonly playbook: Playbook;
  readonly agents: ReadonlyMap<string, Agent>;
} {
  const idOf = (at: number): string => `agent-${String(at).padStart(32, '0')}`;
  const half = size / 2;
  const parentsOf = (at: number): readonly number[] => {
    const picks = Array.from({ length: parentsEach }, (_, pick) => (at * 31 + pick * 17) % Math.max(at, 1));
    return at === 0 ? [] : [...new Set([...picks, at - 1])];
  };
  const all = Array.from({ length: size }, (_, at) => ({ at, id: idOf(at), parents: parentsOf(at) }));
  const listed = all.slice(half);
  const edges = listed.flatMap(({ id, parents }) =>
    parents.filter((parent) => parent >= half).map((parent) => ({ from: idOf(parent), to: id })),
  );
  const agents = all.map(({ at, id, parents }) =>
    agentOf(id, (at < half ? parents : parents.filter((parent) => parent < half)).map(idOf)),
  );
  const nodes = listed.toReversed().map(({ id }) => ({ kind: 'agent' as const, id }));
  return {
    playbook: { nodes, edges, settings: {} },
    agents: new Map(agents.map((agent) => [agent.agentId, agent])),
  };
}

/** Median of repeated compilations, in milliseconds; the first ones, before the code is warm, do not count. */
function measure(size: number): { readonly tasks: number; readonly medianMs: number } {
  const { playbook, agents } = sourceOf(size);
  const domain = { domainId: 'bench', version: 1, playbooks: { query: playbook } };
  const compile = () =>
    compilePlan({ domain, playbook: 'query', agents, tasksMax: Number.POSITIVE_INFINITY });
  const tasks = compile().nodes.length;
  const times: number[] = [];
  const endMs = performance.now() + secondsEach * 1_000;
  for (let round = 0; round < roundsMax && performance.now() < endMs; round += 1) {
    const startMs = performance.now();
    compile();
    times.push(performance.now() - startMs);
  }
  const warm = times.slice(Math.floor(times.length / 4)).toSorted((a, b) => a - b);
  return { tasks, medianMs: warm[Math.floor(warm.length / 2)] ?? Number.NaN };
}

const figures = sizes.map(measure);
const judged = figures.find(({ tasks }) => tasks === sizeJudged)?.medianMs ?? Number.NaN;
for (const { tasks, medianMs } of figures) {
  const ratio = (medianMs / judged).toFixed(3);
  process.stdout.write(`${JSON.stringify({ tasks, medianMs: Number(medianMs.toFixed(3)), ratio })}\n`);
}
if (!(judged < limitMs)) {
  process.stderr.write(
    `A plan of ${sizeJudged} tasks takes ${judged} ms; it must take less than ${limitMs} ms\n`,
  );
  process.exitCode = 1;
}
