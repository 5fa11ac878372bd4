// What a new version of an agent does to saved playbooks, and how much of it is judged and told.
import { describe, expect, it } from '@jest/globals';
import { violationsMax } from '../../../foundation/json/document.ts';
import type { Agent } from './agent.ts';
import type { Domain } from './domain.ts';
import { definitionLimits } from './limits.ts';
import type { Playbook } from './playbook.ts';
import {
  agentsJudgedMax,
  agentWarningsMax,
  domainsJudgedMax,
  judgeSavedPlaybooks,
} from './saved-playbooks.ts';

const day = new Date(0);
const agent = (agentId: string, changes: Partial<Agent> = {}): Agent => ({
  id: agentId,
  agentId,
  tenantId: 't',
  agentName: agentId,
  agentClass: 'query',
  systemPrompt: 'Answer.',
  tools: [],
  agentDependencies: [],
  maxOutputKeys: 5,
  outputSchema: { [`key_of_${agentId}`]: {} },
  description: '',
  enabled: true,
  isInbuilt: false,
  version: 1,
  settings: {},
  createdAt: day,
  updatedAt: day,
  createdBy: 'u',
  ...changes,
});

const playbook = (ids: readonly string[], edges: Playbook['edges'] = []): Playbook => ({
  nodes: ids.map((id) => ({ kind: 'agent', id })),
  edges,
  settings: {},
});

const domain = (domainId: string, query: Playbook, management = playbook([])): Domain => ({
  id: domainId,
  domainId,
  tenantId: 't',
  domainName: domainId,
  description: '',
  playbooks: { ingestion: playbook([]), query, management },
  version: 1,
  createdAt: day,
  updatedAt: day,
  createdBy: 'u',
});

function judge(domains: readonly Domain[], agents: readonly Agent[], after: Agent, isRewired = true) {
  const steps = judgeSavedPlaybooks({
    domains,
    agents: new Map(agents.map((each) => [each.agentId, each])),
    after,
    isRewired,
    limits: definitionLimits,
  });
  for (let taken = 0; ; taken += 1) {
    const { done, value } = steps.next();
    if (done) return { ...value, taken };
  }
}

describe('judgeSavedPlaybooks', () => {
  const asking = agent('a', { settings: { inputKeys: ['colour'] }, version: 2 });

  it('judges the playbooks that need the agent, in order, and no others', () => {
    const domains = [
      domain('one', playbook(['b']), playbook(['c'])),
      domain('two', playbook(['c']), playbook(['a'])),
    ];
    const agents = [
      agent('a'),
      agent('b', { agentDependencies: ['a'] }),
      agent('c', { systemPrompt: '{{no}}' }),
    ];
    const { problems, warnings } = judge(domains, agents, asking);
    expect(problems).toEqual([]);
    expect(warnings.map(({ domainId, playbook: name, code }) => [domainId, name, code])).toEqual([
      ['one', 'query', 'missing_key'],
      ['two', 'management', 'missing_key'],
    ]);
  });

  it('names domain and playbook of what would have no plan', () => {
    const edges = [{ from: 'a', to: 'b' }];
    const domains = [
      domain('one', playbook(['a', 'b'], edges)),
      domain('two', playbook(['a']), playbook(['a', 'b'], edges)),
    ];
    const after = agent('a', { agentDependencies: ['b'], version: 2 });
    const cycle = 'circular dependency: a -> b -> a';
    expect(judge(domains, [agent('a'), agent('b')], after).problems).toEqual([
      { field: 'agent_dependencies', reason: `would break the query playbook of domain one: ${cycle}` },
      { field: 'agent_dependencies', reason: `would break the management playbook of domain two: ${cycle}` },
    ]);
  });

  it('tells a hundred warnings at most', () => {
    const domains = Array.from({ length: agentWarningsMax + 20 }, (_, at) =>
      domain(`d${at}`, playbook(['a'])),
    );
    expect(judge(domains, [agent('a')], asking).warnings).toHaveLength(agentWarningsMax);
  });

  it('takes a step for each playbook, and none after what is told', () => {
    const domains = Array.from({ length: agentWarningsMax + 20 }, (_, at) =>
      domain(`d${at}`, playbook(['a']), playbook(['a', 'b'], [{ from: 'a', to: 'b' }])),
    );
    const [a, b] = [agent('a'), agent('b')];
    expect(judge(domains, [a, b], agent('a', { version: 2 })).taken).toBe(2 * domains.length);
    expect(judge(domains, [a, b], asking).taken).toBe(2 * domains.length);
    expect(judge(domains, [a, b], asking, false).taken).toBe(agentWarningsMax);
    const cyclic = agent('a', { agentDependencies: ['b'], version: 2 });
    const { problems, taken } = judge(domains, [a, b], cyclic);
    expect([problems.length, taken]).toEqual([violationsMax, 2 * violationsMax]);
  });

  it('finds no plan broken by a version that depends on the same agents', () => {
    const domains = [domain('one', playbook(['a', 'b'], [{ from: 'a', to: 'b' }]))];
    const after = agent('a', { agentDependencies: ['b'], version: 2 });
    expect(judge(domains, [agent('a'), agent('b')], after, false).problems).toEqual([]);
  });

  it('gives no verdict on what is too much to read', () => {
    const domains = Array.from({ length: domainsJudgedMax + 1 }, (_, at) =>
      domain(`d${at}`, playbook(['a'])),
    );
    const agents = Array.from({ length: agentsJudgedMax + 1 }, (_, at) => agent(`a${at}`));
    expect(judge(domains, [agent('a')], asking).problems).toHaveLength(1);
    expect(judge(domains.slice(1), [agent('a')], asking).problems).toEqual([]);
    expect(judge(domains.slice(0, 1), agents, asking).problems).toHaveLength(1);
  });
});
