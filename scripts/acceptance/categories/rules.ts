// Rules that hold for all endpoints. Most are proved at every limit by the project's own tests.
import assert from 'node:assert/strict';
import { sent } from '../answers.ts';
import { provenInCheckout } from '../checkout-proof.ts';
import { type Category, httpTest } from '../suite.ts';

const removed = ['/config', '/config/agent/7', '/ingest', '/query', '/data', '/status/job_1'];

/** rule-1 to rule-7 of the specification. */
export const ruleTests: Category = {
  name: 'rules',
  proves: '11.2, 16.1–16.5, P3.1–P3.5, P4.3, P5.1, P5.2, P7.1, P7.2',
  isDeployed: false,
  tests: [
    provenInCheckout('rule-1', 'every row of S15 is tripped'),
    provenInCheckout('rule-2', 'error body on every status'),
    provenInCheckout('rule-3', 'page, clamp, cursor'),
    httpTest(['rule-4', 'removed endpoints 410'], async (t) => {
      for (const path of removed.flatMap((path) => [path, `/api/v1${path}`])) {
        for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
          const { status, body } = await sent(t.withCredential(undefined), [method, path]);
          assert.equal(status, 410, `${method} ${path} answered ${status}`);
          assert.match(body.detail, /\/api\/v1\//, `${method} ${path} does not name what is used instead`);
        }
      }
    }),
    provenInCheckout('rule-5', 'API description equals live routes'),
    provenInCheckout('rule-6', 'tools: deny, revoke, address guard'),
    provenInCheckout('rule-7', 'every transition of S16, legal and illegal'),
  ],
};
