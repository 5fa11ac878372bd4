// Who is let in: nobody without a valid credential, and everyone only into the tenant that the credential names.
import assert from 'node:assert/strict';
import { refused, refusedRaw, sent } from '../answers.ts';
import { refusesProduction } from '../production-gateway.ts';
import { sharedReport } from '../sample.ts';
import { type Category, httpTest, type TestContext } from '../suite.ts';

/** Routes of every resource, whose guard stands before anything else is looked at. */
const guarded = [
  ['GET', '/api/v1/me'],
  ['GET', '/api/v1/agents'],
  ['POST', '/api/v1/agents'],
  ['GET', '/api/v1/domains'],
  ['POST', '/api/v1/reports'],
  ['GET', '/api/v1/reports'],
  ['POST', '/api/v1/sessions'],
  ['POST', '/api/v1/queries'],
  ['GET', '/api/v1/data/geo'],
  ['GET', '/api/v1/executions'],
  ['GET', '/api/v1/events'],
  ['GET', '/api/v1/audit'],
  ['GET', '/api/v2/agents'],
] as const;

async function refusesEverywhere(t: TestContext, credential: string | undefined): Promise<void> {
  for (const place of guarded) {
    const { headers } = await refusedRaw(t.withCredential(credential), place, {
      status: 401,
      body: place[0] === 'POST' ? {} : undefined,
    });
    assert.ok(headers.has('www-authenticate'), `${place.join(' ')} does not say how to authenticate`);
  }
}

/** The token with another claim set under the signature of the first. */
function tampered(token: string): string {
  const [head = '', body = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  const changed = { ...claims, roles: ['admin'], exp: Math.floor(Date.now() / 1_000) + 3_600 };
  return `${head}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}.${signature}`;
}

/** The token without a signature, which says so. */
function unsigned(token: string): string {
  const head = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  return `${head}.${token.split('.')[1]}.`;
}

const isJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);

/** auth-1 to auth-5 of the specification. */
export const authentication: Category = {
  name: 'authentication',
  proves: '11.1, 11.5, 10.2, P1.1, P1.3, D5.1',
  isDeployed: true,
  tests: [
    httpTest(['auth-1', 'no token 401'], (t) => refusesEverywhere(t, undefined)),
    httpTest(['auth-2', 'bad or expired token 401'], async (t) => {
      await refusesEverywhere(t, t.tokens.expired);
      const forged = isJwt(t.tokens.viewer) ? [tampered(t.tokens.viewer), unsigned(t.tokens.viewer)] : [];
      if (isJwt(t.tokens.expired)) forged.push(tampered(t.tokens.expired));
      for (const token of ['not-a-token', 'a.b.c', ...forged]) {
        await refusedRaw(t.withCredential(token), ['GET', '/api/v1/me'], { status: 401 });
      }
    }),
    httpTest(['auth-3', 'valid token 200'], async (t) => {
      const me = (name: Parameters<TestContext['as']>[0]) => t.as(name).get('/api/v1/me');
      const [admin, editor, viewer] = [await me('admin'), await me('editor'), await me('viewer')];
      const [user, stranger] = [await me('other-user'), await me('other-tenant')];
      assert.deepEqual([admin.role, editor.role, viewer.role], ['admin', 'editor', 'viewer']);
      const own = [admin, editor, viewer, user];
      assert.equal(new Set(own.map(({ tenant_id }) => tenant_id)).size, 1, 'One tenant was expected');
      assert.notEqual(stranger.tenant_id, admin.tenant_id, 'The token other-tenant is of the same tenant');
      assert.equal(new Set(own.map(({ id }) => id)).size, own.length, 'Four users were expected');
      const bare = await sent(t.withCredential(undefined), ['GET', '/api/v1/me'], {
        headers: { authorization: t.tokens.viewer },
      });
      assert.equal(bare.status, 200, 'A token without the word Bearer is refused');
    }),
    httpTest(['auth-4', 'foreign X-Tenant-ID has no effect'], async (t) => {
      const { incidentId: incident_id } = await sharedReport(t);
      const [mine, theirs] = [
        await t.as('admin').get('/api/v1/me'),
        await t.as('other-tenant').get('/api/v1/me'),
      ];
      const headers = { 'x-tenant-id': mine.tenant_id };
      const path = { incident_id };
      await refused(t.as('other-tenant').get('/api/v1/reports/{incident_id}', { path, headers }), 404);
      const foreign = { 'x-tenant-id': theirs.tenant_id };
      const read = await t.as('viewer').get('/api/v1/reports/{incident_id}', { path, headers: foreign });
      assert.equal(read.tenant_id, mine.tenant_id);
      const answer = await sent(t.as('admin'), ['GET', '/api/v1/me'], { headers: foreign });
      assert.equal(answer.body.tenant_id, mine.tenant_id);
      const nobody = t.withCredential(undefined);
      assert.equal((await sent(nobody, ['GET', '/api/v1/me'], { headers })).status, 401);
    }),
    httpTest(['auth-5', 'development issuer refuses production'], async (t) => {
      await refusesProduction(t.signal);
      if (t.hasDevIssuer) return; // it was asked for: then this deployment is none for production
      const body = { tenant: 'acceptance', user: 'acceptance', roles: ['admin'] };
      const answer = await sent(t.withCredential(undefined), ['POST', '/dev/token'], { body });
      assert.equal(answer.status, 404, 'The deployment gives tokens to whoever asks');
    }),
  ],
};
