// What the registry grants is what an agent may call: nothing by default, nothing when it cannot be found out, and nothing any more once
// it was revoked.
import { setTimeout as wait } from 'node:timers/promises';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { WatchChangesResponseSchema } from '../../../proto/gen/domainflow/registry/v1/change_service_pb.js';
import { type AgentsUnderTest, builtinAgent, type Neighbours, startAgentsForTest } from '../app.for-test.ts';
import { sampleIndex } from './sample-index.for-test.ts';

const tools = ['retrieval_api', 'aggregation_api'];
const what = builtinAgent('builtin-query-what', tools, [
  'incident_types',
  'common_issues',
  'summary',
  'answer',
]);
const request = { agent: what, input: { question: 'Tell me about potholes' } };

const open: AgentsUnderTest[] = [];
async function start(neighbours: Neighbours): Promise<AgentsUnderTest> {
  const agents = await startAgentsForTest({ index: sampleIndex, ...neighbours });
  open.push(agents);
  return agents;
}
afterEach(async () => {
  for (const agents of open.splice(0)) await agents.close();
});

/** How an attempt ends: `result`, or the error code of its failure. */
async function endOf(agents: AgentsUnderTest): Promise<string | undefined> {
  const last = (await agents.invoke({ request })).at(-1);
  return last?.case === 'failure' ? last.value.errorCode : last?.case;
}

/** How often the registry was asked. */
function asked(agents: AgentsUnderTest, method = 'listToolAccess'): number {
  return agents.seen.filter((call) => call.method === method).length;
}

function reportsWereAsked(agents: AgentsUnderTest): boolean {
  return agents.seen.some(({ method }) => !['listToolAccess', 'getTenantSettings'].includes(method));
}

type News = MessageInitShape<typeof WatchChangesResponseSchema>;

/** News as a registry tells them: signs of life, and what the test adds. */
function createNews() {
  const told: News[] = [];
  let ended = false;
  return {
    tell: (tenantId: string, entityType: string) =>
      told.push({ change: { tenantId, entityType, entityId: 'something' } }),
    end: () => {
      ended = true;
    },
    async *stream(gone: AbortSignal): AsyncGenerator<News> {
      while (!ended && !gone.aborted) {
        yield {};
        yield* told.splice(0);
        await wait(10, undefined, { signal: gone }).catch(() => undefined);
      }
    },
  };
}

/** Invokes until the registry is no longer asked: from then on its answers are kept. */
async function untilKept(agents: AgentsUnderTest): Promise<void> {
  for (let before = -1; before < asked(agents); ) {
    before = asked(agents);
    expect(await endOf(agents)).toBe('result');
  }
}

describe('an agent', () => {
  it.each([
    ['nothing', []],
    ['other tools', ['aggregation_api', 'spatial_api']],
  ])('that was granted %s may not call a tool, although its definition lists it', async (_name, granted) => {
    const agents = await start({ granted: () => granted });
    const events = await agents.invoke({ request });
    expect(events.map((event) => event.case)).toEqual(['toolCall', 'failure']);
    expect(events[0]?.value).toMatchObject({ toolName: 'retrieval_api', errorCode: 'permission_denied' });
    expect(events[1]?.value).toMatchObject({ errorCode: 'permission_denied' });
    expect(reportsWereAsked(agents)).toBe(false);
  });

  it('is asked about by its own name, and not at all when it lists no tools', async () => {
    const names: string[] = [];
    const agents = await start({
      granted: (agentId) => {
        names.push(agentId);
        return tools;
      },
    });
    const agent = builtinAgent('builtin-ingestion-temporal', [], ['timestamp', 'time_reference', 'urgency']);
    await agents.invoke({ request: { agent, input: { text: 'Yesterday' } } });
    expect(names).toEqual([]);
    expect(await endOf(agents)).toBe('result');
    expect(names).toEqual(['builtin-query-what']);
  });
});

describe('a registry that cannot say what was granted', () => {
  it.each([
    ['that is away', new Fault('unavailable', 'Away'), 'dependency_unavailable'],
    ['that breaks', new Error('broken'), 'tool_error'],
    ['that refuses', new Fault('permission_denied', 'No'), 'permission_denied'],
  ])('because of an answer %s ends the attempt without a call', async (_name, error, code) => {
    const agents = await start({
      granted: () => {
        throw error;
      },
    });
    expect(await endOf(agents)).toBe(code);
    expect(reportsWereAsked(agents)).toBe(false);
  });

  it('because it is gone ends the attempt without a call, so that it is tried again', async () => {
    const agents = await start({});
    await agents.stopRegistry();
    expect(await endOf(agents)).toBe('dependency_unavailable');
    expect(reportsWereAsked(agents)).toBe(false);
  });
});

describe('answers of the registry', () => {
  it('are asked for each time while it tells no news', async () => {
    const agents = await start({});
    for (const times of [1, 2, 3]) {
      expect(await endOf(agents)).toBe('result');
      expect([asked(agents), asked(agents, 'getTenantSettings')]).toEqual([times, times]);
    }
  });

  it.each(['tool_access', 'tool'])('are kept until it tells of a change of %s', async (entityType) => {
    let granted = tools;
    const news = createNews();
    const agents = await start({ granted: () => granted, news: news.stream });
    await untilKept(agents);
    granted = [];
    news.tell(agents.person.tenantId, entityType);
    let end = 'result';
    while (end === 'result') end = (await endOf(agents)) ?? '';
    expect(end).toBe('permission_denied');
    expect(await endOf(agents)).toBe('permission_denied');
  });

  it.each([
    ['another agent', { request: { ...request, agent: { ...what, agentId: 'builtin-query-how' } } }],
    ['another tenant', { request, tenantId: newId() }],
  ])('are kept for no agent but their own: not for %s', async (_name, attempt) => {
    const news = createNews();
    const agents = await start({
      granted: (agentId, tenantId) =>
        agentId === what.agentId && tenantId === open[0]?.person.tenantId ? tools : [],
      news: news.stream,
    });
    await untilKept(agents);
    expect((await agents.invoke(attempt)).at(-1)?.value).toMatchObject({ errorCode: 'permission_denied' });
  });

  it('are kept when something of another tenant changes', async () => {
    const news = createNews();
    const agents = await start({ news: news.stream });
    await untilKept(agents);
    const [grants, settings] = [asked(agents), asked(agents, 'getTenantSettings')];
    news.tell('another tenant', 'tool_access');
    news.tell(agents.person.tenantId, 'tenant_settings');
    while (asked(agents, 'getTenantSettings') === settings) expect(await endOf(agents)).toBe('result');
    expect(asked(agents)).toBe(grants);
  });

  it('are no older than the settings that a caller has seen, however late the news come', async () => {
    const news = createNews();
    const agents = await start({ news: news.stream });
    await untilKept(agents);
    const settings = asked(agents, 'getTenantSettings');
    for (const settingsRevision of ['7', '7', '8']) {
      await agents.invoke({ request: { ...request, settingsRevision } });
    }
    expect(asked(agents, 'getTenantSettings')).toBe(settings + 2);
  });

  it('are dropped when the news end', async () => {
    let granted = tools;
    const news = createNews();
    const agents = await start({ granted: () => granted, news: news.stream });
    await untilKept(agents);
    granted = [];
    news.end();
    let end = 'result';
    while (end === 'result') end = (await endOf(agents)) ?? '';
    expect(end).toBe('permission_denied');
  });
});
