// /domains: read a domain with its playbooks, list domains, compare two versions. Saving and deleting is in domain-writes.ts.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { listQuerySchema, objectSchema, versionSchema } from '../http/schema-parts.ts';
import { differencesJson } from './definition-json.ts';
import { type DiffQuery, diffQuerySchema, wantedVersions } from './definition-request.ts';
import { domainJson, domainRow } from './domain-json.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pathId } from './path-id.ts';

const readConfig = { role: 'viewer', permission: 'domains:read' } as const;

/** Registers the routes that read domains. */
export function domainRoutes(app: FastifyInstance, { domains }: MeshClients): void {
  app.get<{ Querystring: PageQuery }>(
    '/domains',
    { config: readConfig, schema: { querystring: listQuerySchema() } },
    async (request) => {
      const found = await domains.listDomains({ page: wantedPage(request.query) }, meshCall(request));
      const { principal } = callerOf(request);
      return {
        domains: found.domains.map((domain) => domainRow(domain, principal)),
        pagination: paginationJson(found.page),
      };
    },
  );

  app.get<{ Querystring: { readonly version?: string } }>(
    '/domains/:domain_id',
    { config: readConfig, schema: { querystring: objectSchema({ version: versionSchema }) } },
    async (request) => {
      const domainId = pathId(request, 'domain_id', 'domain');
      const version = Number(request.query.version ?? 0);
      const { domain } = await domains.getDomain({ domainId, version }, meshCall(request));
      if (!domain) throw notFound('domain');
      return domainJson(domain, callerOf(request).principal);
    },
  );

  app.get<{ Querystring: DiffQuery }>(
    '/domains/:domain_id/diff',
    { config: readConfig, schema: { querystring: diffQuerySchema } },
    async (request) => {
      const domainId = pathId(request, 'domain_id', 'domain');
      const wanted = { domainId, ...wantedVersions(request.query) };
      return differencesJson(await domains.diffDomain(wanted, meshCall(request)));
    },
  );
}
