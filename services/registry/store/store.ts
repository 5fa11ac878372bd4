// The port to the registry's store: what the RPCs ask of it. Every method is bound to one tenant; definitions of the system tenant are
// visible to all. What belongs to another tenant is absent.
import type { Agent, AgentClass } from '../core/agent.ts';
import type { GraphAgent } from '../core/dependency-graph.ts';
import type { Domain } from '../core/domain.ts';
import type { ListPage, ListSlice } from '../core/page.ts';
import type { PrincipalClaims } from '../core/principal-record.ts';
import type { TenantSettings } from '../core/tenant-settings.ts';

/** One version of a definition. */
export interface VersionAsked {
  /** Public id: agent_id or domain_id. */
  readonly id: string;
  /** 0 for the newest. */
  readonly version: number;
}

/** Agents. */
export interface AgentStore {
  /** One version with what it depends on, directly and indirectly, at most 2,001 of them; undefined when it is absent. */
  findAgent(
    tenantId: string,
    asked: VersionAsked,
  ): Promise<{ readonly agent: Agent; readonly dependencies: readonly GraphAgent[] } | undefined>;
  /** Newest versions, newest agent first. */
  listAgents(
    tenantId: string,
    slice: ListSlice & { readonly agentClass?: AgentClass },
  ): Promise<ListPage<Agent>>;
}

/** Domains. */
export interface DomainStore {
  /** One version; undefined when it is absent. */
  findDomain(tenantId: string, asked: VersionAsked): Promise<Domain | undefined>;
  /** Newest versions, newest domain first. */
  listDomains(tenantId: string, slice: ListSlice): Promise<ListPage<Domain>>;
  /** A domain with the newest version of every agent that the playbook needs, directly and indirectly, read in at most three statements. */
  findPlanSource(
    tenantId: string,
    asked: VersionAsked & { readonly playbook: AgentClass },
  ): Promise<{ readonly domain: Domain; readonly agents: ReadonlyMap<string, Agent> } | undefined>;
}

/** Tenants and their people. */
export interface TenantStore {
  /** Makes sure that tenant and user are stored. Undefined when the tenant is unknown and may not come into being. */
  ensurePrincipal(
    principal: { readonly tenantId: string; readonly userId: string },
    claims: PrincipalClaims,
  ): Promise<{ readonly tenantName: string } | undefined>;
  /** Undefined when none were stored. */
  findTenantSettings(tenantId: string): Promise<TenantSettings | undefined>;
  /** Replaces the settings; false when the tenant is unknown. */
  saveTenantSettings(tenantId: string, settings: TenantSettings): Promise<boolean>;
}

/** The whole port. */
export interface RegistryStore extends AgentStore, DomainStore, TenantStore {}
