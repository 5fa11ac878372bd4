// /domains: read a domain with its playbooks, list domains, compare two versions. Saving and deleting is in domain-writes.ts.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named, pageOf } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { listQuerySchema } from '../http/schema-parts.ts';
import { versionTag } from '../http/version-tag.ts';
import { differencesJson } from './definition-json.ts';
import { type DiffQuery, diffQuerySchema, versionQuerySchema, wantedVersions } from './definition-request.ts';
import { domainJson, domainRow } from './domain-json.ts';
import { domainDifferencesExample, domainExample, domainPath, domainsExample } from './domain-schema.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pathId } from './path-id.ts';

const readConfig = { role: 'viewer', permission: 'domains:read' } as const;
const refusals = { 404: 'No such domain' };

const operations = {
  list: {
    ...{
      id: 'listDomains',
      tag: 'Domains',
      summary: 'Domains of the tenant and of the platform, newest first',
    },
    querystring: listQuerySchema(),
    answers: {
      200: { description: 'A page', schema: pageOf('domains', named('DomainRow')), example: domainsExample },
    },
  },
  get: {
    ...{ id: 'getDomain', tag: 'Domains', summary: 'A domain with its three playbooks' },
    ...{ params: domainPath, querystring: versionQuerySchema, refusals },
    answers: { 200: { description: 'The domain', schema: named('Domain'), example: domainExample } },
  },
  diff: {
    ...{ id: 'diffDomain', tag: 'Domains', summary: 'What differs between two versions of a domain' },
    ...{ params: domainPath, querystring: diffQuerySchema, refusals },
    answers: {
      200: {
        description: 'The differences',
        schema: named('Differences'),
        example: domainDifferencesExample,
      },
    },
  },
} satisfies Record<string, Operation>;

/** Registers the routes that read domains. */
export function domainRoutes(app: FastifyInstance, { domains }: MeshClients): void {
  app.get<{ Querystring: PageQuery }>(
    '/domains',
    { config: readConfig, schema: routeSchema(operations.list) },
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
    { config: readConfig, schema: routeSchema(operations.get) },
    async (request, reply) => {
      const domainId = pathId(request, 'domain_id', 'domain');
      const version = Number(request.query.version ?? 0);
      const { domain } = await domains.getDomain({ domainId, version }, meshCall(request));
      if (!domain) throw notFound('domain');
      reply.header('etag', versionTag(domain.version));
      return domainJson(domain, callerOf(request).principal);
    },
  );

  app.get<{ Querystring: DiffQuery }>(
    '/domains/:domain_id/diff',
    { config: readConfig, schema: routeSchema(operations.diff) },
    async (request) => {
      const domainId = pathId(request, 'domain_id', 'domain');
      const wanted = { domainId, ...wantedVersions(request.query) };
      return differencesJson(await domains.diffDomain(wanted, meshCall(request)));
    },
  );
}
