// How much of a document is passed on into the mesh.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';
import { documentValuesMax } from './definition-request.ts';

let at: TestGateway;
let token: string;
beforeAll(async () => {
  at = await startGatewayForTest();
  token = await at.token({ roles: ['admin'] });
});
afterAll(() => at.close());

/** A document of this many values, itself and its list included. */
const documentOf = (values: number) => ({ surprise: Array(values - 2).fill(0) });

describe('a document', () => {
  const routes = [
    'POST agents',
    'PUT agents/a',
    'POST domains',
    'POST tools',
    'POST teams',
    'POST auth/keys',
  ];

  it.each(routes)('of more values than a definition can have goes no further: %s', async (route) => {
    const answer = await at.send(route, { token, body: documentOf(documentValuesMax + 1) });
    expect(problemOf(answer)).toMatchObject({
      status: 400,
      details: [{ field: 'body', reason: `must hold at most ${documentValuesMax} values` }],
    });
  });

  it('of as many values as it may have reaches the registry', async () => {
    let received = 0;
    const at2026 = { seconds: 1_767_225_600n, nanos: 0 };
    const agent = { agentClass: AgentClass.QUERY, createdAt: at2026, updatedAt: at2026 };
    at.handlers.agents = {
      createAgent: ({ definition }) => {
        received = Array.isArray(definition?.surprise) ? definition.surprise.length : 0;
        return { agent };
      },
    };
    const answer = await at.send('POST agents', { token, body: documentOf(documentValuesMax) });
    expect([answer.status, received]).toEqual([201, documentValuesMax - 2]);
  });
});
