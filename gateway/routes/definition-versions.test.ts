// Tags of agents, domains and golden sets: they tell the version, and a write that is made for an older one is refused.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const time = timestampFromDate(new Date('2026-03-01T10:00:00.000Z'));
const made = { version: 3, createdBy: 'ada', createdAt: time, updatedAt: time };
const agent = { id: 'u', agentId: 'agent-1', agentName: 'A', agentClass: AgentClass.QUERY, ...made };
const playbook = { nodes: [{ kind: { case: 'agentId' as const, value: 'agent-1' } }] };
const domain = {
  ...{ id: 'v', domainId: 'roads', domainName: 'Roads', ...made },
  ...{ ingestionPlaybook: playbook, queryPlaybook: playbook, managementPlaybook: playbook },
};
const goldenSet = {
  ...{ domainId: 'roads', name: 'basics', playbook: AgentClass.QUERY, ...made },
  thresholds: { precision: 1, recall: 1 },
};

let at: TestGateway;
let token: string;
let expected: number[] = [];
let nodes: { readonly id: string; readonly label: string; readonly agentClass: AgentClass }[] = [];
beforeAll(async () => {
  at = await startGatewayForTest();
  token = await at.token({ roles: ['admin'] });
  const heed = ({ expectedVersion }: { readonly expectedVersion: number }): void => {
    expected.push(expectedVersion);
    if (expectedVersion !== 0 && expectedVersion !== 3) throw new Fault('aborted', 'It has version 3 by now');
  };
  const answering =
    <T>(answer: T) =>
    (request: { readonly expectedVersion: number }): T => {
      heed(request);
      return answer;
    };
  at.handlers.agents = {
    getAgent: () => ({ agent, nodes }),
    updateAgent: answering({ agent }),
    deleteAgent: answering({}),
    rollbackAgent: () => ({ agent }),
  };
  at.handlers.domains = {
    getDomain: () => ({ domain }),
    updateDomain: answering({ domain }),
    deleteDomain: answering({}),
    rollbackDomain: () => ({ domain }),
  };
  at.handlers.goldenSets = {
    getGoldenSet: () => ({ goldenSet }),
    putGoldenSet: answering({ goldenSet, created: false }),
    deleteGoldenSet: answering({}),
  };
});
afterAll(() => at?.close());

const paths = ['agents/agent-1', 'domains/roads', 'domains/roads/golden-sets/basics'];
const send = (line: string, headers: Readonly<Record<string, string>> = {}) =>
  at.send(line, { token, headers, ...(line.startsWith('PUT') ? { body: {} } : {}) });

describe.each(paths)('%s', (path) => {
  it('has a tag that a write may be made for', async () => {
    const tag = (await send(`GET ${path}`)).headers.get('etag') ?? '';
    expect(tag).toMatch(/^"3(\.[\w-]+)?"$/);
    expected = [];
    const put = await send(`PUT ${path}`, { 'if-match': tag });
    expect([put.status, put.headers.get('etag')]).toEqual([200, '"3"']);
    expect((await send(`DELETE ${path}`, { 'if-match': tag })).status).toBe(200);
    expect((await send(`PUT ${path}`, { 'if-match': '*' })).status).toBe(200);
    expect((await send(`PUT ${path}`)).status).toBe(200);
    expect(expected).toEqual([3, 3, 0, 0]);
  });

  it.each(['"2"', '"2.abc"'])('is not written for the version of the tag %s', async (tag) => {
    for (const method of ['PUT', 'DELETE']) {
      const answer = await send(`${method} ${path}`, { 'if-match': tag });
      expect(problemOf(answer)).toMatchObject({ status: 412, detail: expect.stringContaining('If-Match') });
    }
  });

  it.each(['W/"3"', '3', '"x"', '"3.a b"', '"1000000000"', '"3", "4"'])(
    'is written for no tag %s',
    async (tag) => {
      expected = [];
      for (const method of ['PUT', 'DELETE']) {
        expect((await send(`${method} ${path}`, { 'if-match': tag })).status).toBe(412);
      }
      expect(expected).toEqual([]);
    },
  );

  it('is not sent again to who has it', async () => {
    const tag = (await send(`GET ${path}`)).headers.get('etag') ?? '';
    expect((await send(`GET ${path}`, { 'if-none-match': tag })).status).toBe(304);
  });
});

it('an agent has another tag once what it depends on has changed', async () => {
  const tagOf = async () => (await send('GET agents/agent-1')).headers.get('etag');
  const before = await tagOf();
  nodes = [{ id: 'agent-2', label: 'B', agentClass: AgentClass.QUERY }];
  expect(await tagOf()).not.toBe(before);
  expect(await tagOf()).toMatch(/^"3\./);
});
