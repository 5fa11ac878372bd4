// The typed-edge check: which keys count as produced, which as asked for, and where a warning points.
import { describe, expect, it } from '@jest/globals';
import type { Agent, AgentClass } from './agent.ts';
import { agentForTest } from './definition.for-test.ts';
import { compilePlan } from './plan.ts';
import { planWarnings, planWarningsMax } from './plan-warnings.ts';
import type { PlaybookNode } from './playbook.ts';

const approval = (id: string): PlaybookNode => ({
  kind: 'approval',
  id,
  prompt: '?',
  roles: [],
  onTimeout: 'reject',
});

interface Case {
  readonly agents: readonly Agent[];
  /** Agents that are not listed are pulled in; absent lists them all. */
  readonly listed?: readonly (string | PlaybookNode)[];
  readonly edges?: readonly (readonly [string, string])[];
  readonly playbook?: AgentClass;
}

function warningsOf({ agents, listed, edges = [], playbook = 'query' }: Case) {
  const nodes = (listed ?? agents.map(({ agentId }) => agentId)).map(
    (node): PlaybookNode => (typeof node === 'string' ? { kind: 'agent', id: node } : node),
  );
  const source = { nodes, edges: edges.map(([from, to]) => ({ from, to })), settings: {} };
  const plan = compilePlan({
    domain: { domainId: 'roads', version: 1, playbooks: { [playbook]: source } },
    playbook,
    agents: new Map(agents.map((agent) => [agent.agentId, agent])),
  });
  return planWarnings(plan, { domainId: 'roads', path: `${playbook}_playbook` });
}

const shown = (asked: Case): readonly string[] =>
  warningsOf(asked).map(({ path, code, text }) => `${path.replace(/^.*\./, '')} ${code}: ${text}`);

const asks = (id: string, key: string): string =>
  `missing_key: agent ${id} asks for the key ${key}, which neither the job's input nor an agent before it produces`;

const producer = (id: string, ...keys: readonly string[]): Agent =>
  agentForTest(id, { outputSchema: Object.fromEntries(keys.map((key) => [key, { type: 'string' }])) });
const asker = (id: string, prompt: string, changes: Partial<Agent> = {}): Agent =>
  agentForTest(id, { systemPrompt: prompt, outputSchema: { [`of_${id}`]: {} }, ...changes });

describe('planWarnings', () => {
  it('names domain, playbook, path and code', () => {
    expect(warningsOf({ agents: [producer('a', 'x'), producer('b', 'x')] })).toEqual([
      {
        domainId: 'roads',
        playbook: 'query',
        path: 'query_playbook.agent_execution_graph.nodes[1]',
        code: 'duplicate_key',
        text: 'agents a and b both produce the key x',
      },
    ]);
  });

  it.each<[string, Case, readonly string[]]>([
    ['nothing where no key meets another', { agents: [producer('a', 'x'), producer('b', 'y')] }, []],
    [
      'each key that several produce, once, at the second of them',
      { agents: [producer('a', 'x', 'y'), producer('b', 'y'), producer('c', 'y', 'x')] },
      [
        'nodes[2] duplicate_key: agents a and c both produce the key x',
        'nodes[1] duplicate_key: agents a, b and c all produce the key y',
      ],
    ],
    [
      'keys in JSON-Schema form by its properties alone',
      {
        agents: [
          agentForTest('a', { outputSchema: { type: 'object', properties: { x: {} } } }),
          agentForTest('b', { outputSchema: { type: 'object', properties: { y: {} }, required: ['y'] } }),
          agentForTest('c', { outputSchema: { $schema: 'draft', x: {} } }),
          agentForTest('d', { outputSchema: { $schema: 'draft', z: {} } }),
        ],
      },
      ['nodes[2] duplicate_key: agents a and c both produce the key x'],
    ],
    [
      'a pulled-in agent at the node that needs it',
      {
        agents: [producer('a', 'x'), agentForTest('b', { agentDependencies: ['c'] }), producer('c', 'x')],
        listed: ['a', 'b'],
      },
      ['nodes[1] duplicate_key: agents a and c both produce the key x'],
    ],
    [
      'keys of the prompt that nobody produces, each once',
      { agents: [asker('a', 'Use {{x}}, {{ y }} and {{x}}, but not {z} or {{}} or {{a b}}.')] },
      [`nodes[0] ${asks('a', 'x')}`, `nodes[0] ${asks('a', 'y')}`],
    ],
    [
      'keys of input_keys',
      { agents: [asker('a', '', { settings: { inputKeys: ['question', 'weather'] } })] },
      [`nodes[0] ${asks('a', 'weather')}`],
    ],
    [
      'no key that an ancestor produces, however far',
      {
        agents: [
          producer('a', 'x'),
          agentForTest('b', { outputSchema: { y: {} }, agentDependencies: ['a'] }),
          asker('c', '{{x}} {{y}}'),
        ],
        edges: [['b', 'c']],
      },
      [],
    ],
    [
      'a key that only an agent beside or after it produces',
      { agents: [asker('a', '{{x}} {{y}}'), producer('b', 'x'), producer('c', 'y')], edges: [['a', 'b']] },
      [`nodes[0] ${asks('a', 'x')}`, `nodes[0] ${asks('a', 'y')}`],
    ],
    [
      'no output of a parent as a whole, but that of an ancestor further up',
      {
        agents: [producer('a', 'x'), producer('b', 'y'), asker('c', '{{b_output}} {{a_output}}')],
        edges: [
          ['a', 'b'],
          ['b', 'c'],
        ],
      },
      [`nodes[2] ${asks('c', 'a_output')}`],
    ],
    [
      'no key of an approval before it',
      {
        agents: [asker('a', '{{approved}} {{by}} {{comment}} {{approval-x_output}} {{reason}}')],
        listed: [approval('approval-x'), 'a'],
        edges: [['approval-x', 'a']],
      },
      [`nodes[1] ${asks('a', 'reason')}`],
    ],
    [
      'no two approvals',
      { agents: [producer('a', 'x')], listed: ['a', approval('approval-x'), approval('approval-y')] },
      [],
    ],
  ])('warns of %s', (_what, asked, expected) => {
    expect(shown(asked)).toEqual(expected);
  });

  it.each<[AgentClass, readonly string[], string]>([
    ['ingestion', ['text', 'domain_id', 'source', 'reference_time'], 'question'],
    [
      'query',
      [
        'question',
        'domain_id',
        'user_id',
        'reference_time',
        'context',
        'session_references',
        'earlier_questions',
      ],
      'text',
    ],
    [
      'management',
      [
        'question',
        'domain_id',
        'user_id',
        'reference_time',
        'context',
        'session_references',
        'earlier_questions',
      ],
      'source',
    ],
  ])('knows the input of a job for %s', (playbook, given, missing) => {
    const prompt = [...given, missing].map((key) => `{{${key}}}`).join(' ');
    expect(shown({ agents: [asker('a', prompt)], playbook })).toEqual([`nodes[0] ${asks('a', missing)}`]);
  });

  it('tells the first 100', () => {
    const agents = Array.from({ length: 105 }, (_, at) => asker(`a${at}`, '{{x}}'));
    expect(warningsOf({ agents })).toHaveLength(planWarningsMax);
  });
});
