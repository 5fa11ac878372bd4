// /domains: read a domain with its playbooks, list domains.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { listQuerySchema, objectSchema, versionSchema } from '../http/schema-parts.ts';
import { domainJson, domainRow } from './domain-json.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pathId } from './path-id.ts';

/** Registers the routes of domains. */
export function domainRoutes(app: FastifyInstance, { domains }: MeshClients): void {
  app.get<{ Querystring: PageQuery }>(
    '/domains',
    { config: { role: 'viewer' }, schema: { querystring: listQuerySchema() } },
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
    { config: { role: 'viewer' }, schema: { querystring: objectSchema({ version: versionSchema }) } },
    async (request) => {
      const domainId = pathId(request, 'domain_id', 'domain');
      const version = Number(request.query.version ?? 0);
      const { domain } = await domains.getDomain({ domainId, version }, meshCall(request));
      if (!domain) throw notFound('domain');
      return domainJson(domain, callerOf(request).principal);
    },
  );
}
