// The pages of the API description over the wire: what a browser would load, from where, and whether the policy of the page lets it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startGatewayForTest, type TestGateway } from '../app.for-test.ts';

let at: TestGateway;
beforeAll(async () => {
  at = await startGatewayForTest();
});
afterAll(() => at.close());

describe('the pages of the description', () => {
  it.each(['/docs', '/docs/'])('load what they need from here alone: %s', async (path) => {
    const page = await fetch(`${at.url}${path}`);
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const parts = [...html.matchAll(/<(script|link)[^>]*?\s(?:src|href)="([^"]+)"/g)];
    const types = await Promise.all(
      parts.map(async ([, , link = '']) => {
        const url = new URL(link, page.url);
        expect(url.origin).toBe(at.url);
        const part = await fetch(url);
        const isSafe = part.headers.get('x-content-type-options') ?? 'nosniff';
        expect([part.status, (await part.text()).length > 0, isSafe]).toEqual([200, true, 'nosniff']);
        return part.headers.get('content-type')?.split(';')[0];
      }),
    );
    expect([...new Set(types)].toSorted()).toEqual(['application/javascript', 'image/png', 'text/css']);
  });

  it('need nothing that their policy forbids', async () => {
    const page = await fetch(`${at.url}/docs/`);
    const policy = page.headers.get('content-security-policy') ?? '';
    const sources = new Map(
      policy.split(';').map((rule) => {
        const [name = '', ...values] = rule.trim().split(' ');
        return [name, values];
      }),
    );
    expect(sources.get('default-src')).toEqual(["'none'"]);
    expect(sources.get('frame-ancestors')).toEqual(["'none'"]);
    for (const kind of ['script-src', 'style-src', 'connect-src'])
      expect(sources.get(kind)).toEqual(["'self'"]);
    expect(sources.get('img-src')).toEqual(["'self'", 'data:']);
    // Nothing may load from elsewhere, and a page that is served without TLS must not ask for its parts with it.
    expect(policy).not.toMatch(/https?:|\*|upgrade-insecure-requests/);
    const html = await page.text();
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/);
  });

  it('show the same description that machines are given', async () => {
    const settings = await (await fetch(`${at.url}/docs/static/swagger-initializer.js`)).text();
    expect(settings).toContain("url: resolveUrl('./json')");
    expect(settings).toContain('validatorUrl: null');
    const shown = await (await fetch(`${at.url}/docs/json`)).json();
    expect(shown).toEqual((await at.send('GET openapi.json')).body);
  });
});
