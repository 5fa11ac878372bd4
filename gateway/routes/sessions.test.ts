// Sessions: what is sent into the mesh, and what of its answers a caller sees.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault, notFound } from '../../foundation/fault/fault.ts';
import { MessageRole } from '../../proto/gen/domainflow/sessions/v1/message_pb.js';
import { startGatewayForTest, type TestGateway } from '../app.for-test.ts';

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
