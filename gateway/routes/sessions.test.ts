// Sessions: what is sent into the mesh, and what of its answers a caller sees.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault, notFound } from '../../foundation/fault/fault.ts';
import { MessageRole } from '../../proto/gen/domainflow/sessions/v1/message_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const at2026 = '2026-03-01T10:00:00.123Z';
const time = timestampFromDate(new Date(at2026));

const session = {
  id: 'u',
  sessionId: 'sess_1',
  domainId: 'civic',
  title: 'New Session',
  messageCount: 1,
  lastActivity: time,
  createdAt: time,
  updatedAt: time,
};

describe('sessions', () => {
  let at: TestGateway;
  let token: string;
  beforeAll(async () => {
    at = await startGatewayForTest();
    token = await at.token();
  });
  afterAll(() => at.close());

  it('begin only in a domain that exists', async () => {
    let made = 0;
    at.handlers.sessions = {
      createSession: () => {
        made += 1;
        return { session };
      },
    };
    at.handlers.domains = {
      getDomain: ({ domainId }) => {
        if (domainId !== 'civic') throw notFound('domain');
        return { domain: { domainId } };
      },
    };
    const answer = await at.send('POST sessions', { token, body: { domain_id: 'civic' } });
    expect(answer.status).toBe(201);
    const ids = { session_id: 'sess_1', domain_id: 'civic', id: 'u' };
    expect(answer.body).toMatchObject({
      ...ids,
      title: 'New Session',
      created_at: at2026,
      updated_at: at2026,
    });
    expect((await at.send('POST sessions', { token, body: { domain_id: 'none' } })).status).toBe(404);
    expect(made).toBe(1);
  });

  it('are shown with their newest messages and the way to earlier ones', async () => {
    const asked: unknown[] = [];
    const message = {
      messageId: 'msg_1',
      role: MessageRole.ASSISTANT,
      content: 'Hi',
      timestamp: time,
      queryId: 'qry_1',
      references: [{ referenceId: 'inc_1' }],
    };
    at.handlers.sessions = {
      getSession: (request) => {
        asked.push(request);
        return { session, messages: [message], messageCursor: 'earlier' };
      },
    };
    const { body } = await at.send('GET sessions/sess_1?messages_cursor=c', { token });
    expect(body).toMatchObject({ session_id: 'sess_1', messages_cursor: 'earlier', last_activity: at2026 });
    const references = [expect.objectContaining({ type: 'report', reference_id: 'inc_1' })];
    const metadata = { query_id: 'qry_1', references };
    expect(body.messages).toEqual([
      { message_id: 'msg_1', role: 'assistant', content: 'Hi', timestamp: at2026, metadata },
    ]);
    const wanted = { sessionId: 'sess_1', messageLimit: 1_000, messageCursor: 'c' };
    expect(asked).toEqual([expect.objectContaining(wanted)]);
  });

  it('begin once under one key', async () => {
    const asked: string[] = [];
    at.handlers.domains = { getDomain: () => ({ domain: {} }) };
    at.handlers.sessions = {
      createSession: ({ requestId }) => {
        asked.push(requestId);
        return { session, replayed: true };
      },
    };
    const headers = { 'idempotency-key': 'monday' };
    const answer = await at.send('POST sessions', { token, headers, body: { domain_id: 'civic' } });
    expect([answer.status, answer.headers.get('idempotency-replayed'), asked]).toEqual([
      201,
      'true',
      ['monday'],
    ]);
  });

  it('are renamed, and shown with their new title', async () => {
    const asked: unknown[] = [];
    at.handlers.sessions = {
      updateSession: ({ sessionId, title }) => {
        asked.push([sessionId, title]);
        return { session: { ...session, title } };
      },
    };
    const { status, body } = await at.send('PUT sessions/sess_1', { token, body: { title: 'Monday' } });
    expect([status, body.session_id, body.title]).toEqual([200, 'sess_1', 'Monday']);
    expect(asked).toEqual([['sess_1', 'Monday']]);
    for (const wrong of [{}, { title: '' }, { title: 'x'.repeat(201) }, { title: 7 }, { title: null }]) {
      const answer = await at.send('PUT sessions/sess_1', { token, body: wrong });
      expect(answer.status).toBe(400);
      expect(problemOf(answer).details.map(({ field }) => field)).toEqual(['title']);
    }
    expect(asked.length).toBe(1);
  });

  it('are deleted', async () => {
    const asked: string[] = [];
    at.handlers.deletions = {
      deleteSession: ({ sessionId }) => {
        asked.push(sessionId);
        return {};
      },
    };
    const answer = await at.send('DELETE sessions/sess_1', { token });
    expect([answer.status, answer.body]).toEqual([
      200,
      { message: expect.any(String), session_id: 'sess_1' },
    ]);
    expect(asked).toEqual(['sess_1']);
  });

  it('of another user are refused, as the service says', async () => {
    at.handlers.sessions = {
      getSession: () => {
        throw new Fault('permission_denied', 'This session belongs to another user');
      },
    };
    expect((await at.send('GET sessions/sess_1', { token })).status).toBe(403);
  });

  it('are listed with their activity', async () => {
    at.handlers.sessions = { listSessions: () => ({ sessions: [session], page: { page: 1, limit: 20 } }) };
    const { body } = await at.send('GET sessions', { token });
    const row = { session_id: 'sess_1', title: 'New Session', message_count: 1, last_activity: at2026 };
    expect(body).toMatchObject({ sessions: [row], pagination: { page: 1, limit: 20, next_cursor: null } });
  });
});
