// The routes as a whole: each says who may call it, and says so in keeping with what the roles hold.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FastifyContextConfig, fastify, type RouteOptions } from 'fastify';
import { roles } from '../../foundation/identity/role.ts';
import { requirePrincipal } from '../auth/require-principal.ts';
import { apiBase } from '../core/api-version.ts';
import { covers, permissionsOf } from '../core/permission.ts';
import { type RouteDeps, registerRoutes } from './api.ts';

// Nothing is called, so nothing is needed behind the routes.
const deps = { clients: {}, devKey: undefined } as unknown as RouteDeps;

describe('the routes of the API', () => {
  const app = fastify();
  const routes: RouteOptions[] = [];
  beforeAll(async () => {
    app.addHook('onRoute', (route) => {
      if (/^\/api\/v[12]\//.test(route.url) && route.config?.role) routes.push(route);
    });
    await registerRoutes(app, deps);
  });
  afterAll(() => app.close());

  it('name permissions that the role of keys, else their least role, and every role above holds', () => {
    expect(routes.length).toBeGreaterThan(30);
    const wrong = routes.filter(({ config }) => {
      const { role, keyRole = role, permission } = config ?? {};
      if (!keyRole || !permission) return true;
      return !roles.slice(roles.indexOf(keyRole)).every((held) => covers(permissionsOf(held), permission));
    });
    expect(wrong.map(({ method, url }) => `${method} ${url}`)).toEqual([]);
  });

  it('that change something name no permission to read', () => {
    const writing = routes.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
    const reading = writing.filter(({ config }) => config?.permission?.endsWith(':read'));
    expect(reading.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `POST ${apiBase}/domains/:domain_id/estimate`,
      `POST ${apiBase}/tool-access/verify`,
    ]);
  });

  const halves: readonly (readonly [FastifyContextConfig, string])[] = [
    [{ permission: 'agents:read' }, 'names no role'],
    [{ role: 'viewer' }, 'names no permission'],
  ];
  it.each(halves)('cannot be registered with %j alone', async (config, words) => {
    const other = fastify();
    requirePrincipal(other, deps);
    expect(() => other.get('/open', { config }, async () => ({}))).toThrow(words);
    await other.close();
  });
});
