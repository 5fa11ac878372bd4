// Queries: what is sent into the mesh, and what of its answers a caller sees.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { QueryMode } from '../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const at2026 = '2026-03-01T10:00:00.123Z';
const time = timestampFromDate(new Date(at2026));

const job = {
  id: 'u',
  queryId: 'qry_1',
  jobId: 'job_2',
  sessionId: 'sess_1',
  domainId: 'civic',
  question: 'How many?',
  mode: QueryMode.QUERY,
  status: 'processing',
  createdAt: time,
  updatedAt: time,
};

const mapData = {
  map_action: 'ADD_MARKERS',
  display: 'marker',
  bounds: { west: 0.9, south: 1.9, east: 1.1, north: 2.1 },
  data: { type: 'FeatureCollection', features: [] },
};

const logEntry = {
  ...{ agent_id: 'agent-1', agent_name: 'What', agent_version: 1, task_id: 't', status: 'success' },
  ...{ timestamp: at2026, reasoning: '', output: {}, execution_time_ms: 1, attempt: 1 },
};

const result = {
  summary: 'What: 3',
  answers: [{ agentId: 'agent-1', label: 'What', text: '3', references: ['inc_1'] }],
  referencesUsed: [
    { referenceId: 'inc_1', summary: 'A hole', status: 'open', location: { longitude: 1, latitude: 2 } },
    { referenceId: 'inc_2', deleted: true },
  ],
  referencesRejected: [{ referenceId: 'inc_9', agentId: 'agent-1', reason: 'unresolved' }],
  executionLog: [logEntry],
  cacheStats: { cachedAgents: 1, executedAgents: 2, totalAgents: 3 },
  mapData,
};

const shownResult = {
  summary: 'What: 3',
  answers: [{ agent_id: 'agent-1', label: 'What', text: '3', references: ['inc_1'] }],
  references_used: [
    {
      type: 'report',
      reference_id: 'inc_1',
      summary: 'A hole',
      status: 'open',
      location: { type: 'Point', coordinates: [1, 2] },
    },
    { type: 'report', reference_id: 'inc_2', location: null, deleted: true },
  ],
  references_rejected: [{ reference_id: 'inc_9', agent_id: 'agent-1', reason: 'unresolved' }],
  execution_log: [logEntry],
  cache_stats: { cached_agents: 1, executed_agents: 2, total_agents: 3 },
  map_data: mapData,
};

describe('queries', () => {
  let at: TestGateway;
  let token: string;
  beforeAll(async () => {
    at = await startGatewayForTest();
    token = await at.token({ roles: ['viewer'] });
  });
  afterAll(() => at.close());

  it('are accepted from every role, and their ids are answered', async () => {
    const asked: unknown[] = [];
    at.handlers.executions = {
      startQuery: (request) => {
        asked.push(request);
        return { jobId: 'job_2', queryId: 'qry_1', acceptedAt: time };
      },
    };
    const body = { session_id: 'sess_1', domain_id: 'civic', question: 'How many?' };
    const answer = await at.send('POST queries', { token, body });
    const ids = { job_id: 'job_2', query_id: 'qry_1', session_id: 'sess_1' };
    expect([answer.status, answer.body]).toEqual([
      202,
      { ...ids, status: 'accepted', message: expect.any(String), timestamp: at2026 },
    ]);
    const wanted = { sessionId: 'sess_1', domainId: 'civic', question: 'How many?', mode: QueryMode.QUERY };
    expect(asked).toEqual([expect.objectContaining(wanted)]);
  });

  it('are asked once under one key', async () => {
    const asked: string[] = [];
    at.handlers.executions = {
      startQuery: ({ requestId }) => {
        asked.push(requestId);
        return { jobId: 'job_2', queryId: 'qry_1', acceptedAt: time, replayed: true };
      },
    };
    const body = { session_id: 'sess_1', domain_id: 'civic', question: 'How many?' };
    const answer = await at.send('POST queries', { token, body, headers: { 'idempotency-key': 'monday' } });
    expect([answer.status, answer.headers.get('idempotency-replayed'), asked]).toEqual([
      202,
      'true',
      ['monday'],
    ]);
  });

  it('of a key that was used for another question are refused as such', async () => {
    at.handlers.executions = {
      startQuery: () => {
        throw new Fault('request_reused', 'The request id was used for another request');
      },
    };
    const body = { session_id: 'sess_1', domain_id: 'civic', question: 'How many?' };
    const answer = await at.send('POST queries', { token, body, headers: { 'idempotency-key': 'monday' } });
    expect(answer.status).toBe(422);
    expect(problemOf(answer).type).toBe('urn:domainflow:problem:unprocessable-content');
  });

  it('are deleted', async () => {
    const asked: string[] = [];
    at.handlers.deletions = {
      deleteQuery: ({ queryId }) => {
        asked.push(queryId);
        return {};
      },
    };
    const answer = await at.send('DELETE queries/qry_1', { token });
    expect([answer.status, answer.body]).toEqual([200, { message: expect.any(String), query_id: 'qry_1' }]);
    expect(asked).toEqual(['qry_1']);
  });

  it('are commands in the mode management, for those who may change reports alone', async () => {
    const asked: unknown[] = [];
    at.handlers.executions = {
      startQuery: ({ mode }) => {
        asked.push(mode);
        return { jobId: 'job_2', queryId: 'qry_1', acceptedAt: time };
      },
    };
    const body = { session_id: 'sess_1', domain_id: 'civic', question: 'Close it', mode: 'management' };
    const refused = await at.send('POST queries', { token, body });
    expect([refused.status, problemOf(refused).detail]).toEqual([
      403,
      'The mode management needs the role editor',
    ]);
    expect(asked).toEqual([]);
    const editor = await at.token({ roles: ['editor'] });
    const accepted = await at.send('POST queries', { token: editor, body });
    expect([accepted.status, accepted.body.query_id]).toEqual([202, 'qry_1']);
    expect(asked).toEqual([QueryMode.MANAGEMENT]);
  });

  it('are asked in no other mode', async () => {
    const body = { session_id: 'sess_1', domain_id: 'civic', question: 'Close it', mode: 'delete' };
    const answer = await at.send('POST queries', { token, body });
    expect([answer.status, problemOf(answer).details]).toEqual([
      400,
      [{ field: 'mode', reason: expect.any(String) }],
    ]);
  });

  it('that are under way have nothing in them', async () => {
    at.handlers.queryJobs = { getQueryJob: () => ({ job }) };
    const { body } = await at.send('GET queries/qry_1', { token });
    const nothing = { summary: null, map_data: null, completed_at: null, cache_stats: null, error: null };
    const empty = {
      answers: [],
      references_used: [],
      references_rejected: [],
      patches: [],
      execution_log: [],
    };
    expect(body).toMatchObject({ mode: 'query', status: 'processing', ...nothing, ...empty });
  });

  it('that have ended show their result', async () => {
    at.handlers.queryJobs = {
      getQueryJob: () => ({ job: { ...job, status: 'completed', result, completedAt: time } }),
    };
    const { body } = await at.send('GET queries/qry_1', { token });
    expect(body).toMatchObject({ status: 'completed', ...shownResult, completed_at: at2026 });
  });

  it('are listed without their results', async () => {
    const page = { page: 1, limit: 20 };
    at.handlers.queryJobs = {
      listQueryJobs: () => ({ jobs: [{ ...job, question: 'q'.repeat(300) }], page }),
    };
    const { body } = await at.send('GET queries?session_id=sess_1', { token });
    expect(body.queries).toEqual([
      {
        query_id: 'qry_1',
        session_id: 'sess_1',
        domain_id: 'civic',
        question: 'q'.repeat(200),
        mode: 'query',
        status: 'processing',
        created_at: at2026,
        created_by_me: false,
      },
    ]);
  });
});
