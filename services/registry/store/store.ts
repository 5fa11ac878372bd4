// The port to the registry's store: what the RPCs ask of it. Every method is bound to one tenant; definitions of the system tenant are
// visible to all. What belongs to another tenant is absent.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Actor, Owned } from '../core/actor.ts';
import type { Agent, AgentClass } from '../core/agent.ts';
import type { ApiKey, ApiKeyDraft } from '../core/api-key.ts';
import type { AuditEntry, WriteRecord } from '../core/audit.ts';
import type { AuditFilter } from '../core/audit-filter.ts';
import type { Change } from '../core/change.ts';
import type { GraphAgent } from '../core/dependency-graph.ts';
import type { Domain } from '../core/domain.ts';
import type { ListPage, ListSlice } from '../core/page.ts';
import type { Playbook } from '../core/playbook.ts';
import type { PrincipalClaims } from '../core/principal-record.ts';
import type { Team, TeamDraft, User } from '../core/team.ts';
import type { TenantSettings } from '../core/tenant-settings.ts';
import type { Tool, ToolPermission, ToolType } from '../core/tool.ts';
import type { AccessFacts } from '../core/tool-access.ts';
import type { ToolWrite } from '../core/tool-document.ts';
import type { BreakerStore } from './breaker-store.ts';
import type { GateFacts, GateStore, GateWrites } from './gate-store.ts';
import type { UsageStore } from './usage-store.ts';

/** Circuit breakers. */
export type { BreakerStore, ForcedWish, ProcessReport } from './breaker-store.ts';
/** Golden sets and gates. */
export type { GateFacts, GateResult, GateStore, GateWrites, RunCost } from './gate-store.ts';

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
  /** What exists of at most 100 versions, in the order of the keys, in one statement. */
  findAgents(tenantId: string, keys: readonly VersionAsked[]): Promise<readonly Agent[]>;
}

/** A playbook of one version of a domain. */
export interface PlanAsked extends VersionAsked {
  readonly playbook: AgentClass;
  /** One agent more than this is read at most: enough to see that there are too many. */
  readonly agentsMax: number;
}

/** A playbook with its agents. */
export interface PlanRead {
  readonly domainId: string;
  readonly version: number;
  readonly playbook: Playbook;
  /** Newest versions, by agent_id, of the agents that the playbook needs, directly and indirectly; absent ones are left out. */
  readonly agents: ReadonlyMap<string, Agent>;
}

/** Domains. */
export interface DomainStore {
  /** One version; undefined when it is absent. */
  findDomain(tenantId: string, asked: VersionAsked): Promise<Domain | undefined>;
  /** Newest versions, newest domain first. */
  listDomains(tenantId: string, slice: ListSlice): Promise<ListPage<Domain>>;
  /** What a plan is compiled from, read in at most two statements; undefined when the domain or version is absent. */
  findPlanSource(tenantId: string, asked: PlanAsked): Promise<PlanRead | undefined>;
}

/** Settings as they are stored. */
export interface StoredTenantSettings {
  readonly settings: TenantSettings;
  /** Each write that changes home area, places or time zone gives another one; empty while none of them was ever set. */
  readonly revision: string;
}

/** Tenants and their people. */
export interface TenantStore {
  /** Makes sure that the actor's tenant and user are stored. Undefined when the tenant is unknown and may not come into being. */
  ensurePrincipal(
    actor: Actor,
    claims: PrincipalClaims,
  ): Promise<{ readonly tenantName: string } | undefined>;
  /** Undefined when none were stored. */
  findTenantSettings(tenantId: string): Promise<StoredTenantSettings | undefined>;
  /** Replaces the settings; false when the tenant is unknown. */
  saveTenantSettings(actor: Actor, settings: TenantSettings): Promise<boolean>;
}

/** What the rules of definitions ask of what is stored. */
export interface DefinitionFacts extends GateFacts {
  /** One version of an agent, without what it depends on; undefined when it is absent. */
  agent(asked: VersionAsked): Promise<Agent | undefined>;
  /**
   * Newest versions, by agent_id, of the named agents and of all that they depend on; absent ones are left out. At most `max` + 1 agents
   * are read: enough to see that there are too many.
   */
  agentsWithDependencies(agentIds: readonly string[], max: number): Promise<ReadonlyMap<string, Agent>>;
  /** The newest versions of the named agents and of all that they depend on, as a graph; 2,001 at most, the named ones first. */
  dependencyGraph(agentIds: readonly string[]): Promise<readonly GraphAgent[]>;
  /** agent_ids of the tenant's agents whose newest version names the agent as dependency, at most 100. */
  dependentsOf(agentId: string): Promise<readonly string[]>;
  /** Newest versions of the tenant's own domains of which a playbook needs the agent, itself or by a dependency; at most 1,001. */
  domainsNeeding(agentId: string): Promise<readonly Domain[]>;
  /** One version of a domain; undefined when it is absent. */
  domain(asked: VersionAsked): Promise<Domain | undefined>;
  /** Those of the names that are tools of the tenant or the platform. For `<source>.<name>` the source must be an MCP server. */
  knownTools(names: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Writing definitions. Each write stores the whole version it is given, and its record in the audit log. */
export interface DefinitionWrites extends GateWrites {
  /** Public id of what the actor's request wrote when it came before; undefined when it has written nothing. Asked before any write. */
  earlierWrite(): Promise<string | undefined>;
  insertAgent(agent: Agent, record: WriteRecord): Promise<void>;
  /** The next version of an agent that exists. */
  insertAgentVersion(agent: Agent, record: WriteRecord): Promise<void>;
  /** Removes the agent and the permissions of it; its versions stay. */
  deleteAgent(agent: Agent, record: WriteRecord): Promise<void>;
  insertDomain(domain: Domain, record: WriteRecord): Promise<void>;
  /** The next version of a domain that exists. */
  insertDomainVersion(domain: Domain, record: WriteRecord): Promise<void>;
  /** Removes the domain; its versions stay. */
  deleteDomain(domain: Domain, record: WriteRecord): Promise<void>;
}

/** Rules and writes of definitions under one transaction. */
export interface DefinitionStore {
  /** Facts alone, for judging without storing. */
  judgeDefinitions<T>(tenantId: string, work: (facts: DefinitionFacts) => Promise<T>): Promise<T>;
  /**
   * Facts and writes in one transaction, which one writer of definitions of a tenant holds at a time, so that two changes that are
   * right alone cannot be wrong together. The work may run again after a conflict; it does nothing but ask and write.
   */
  changeDefinitions<T>(
    actor: Actor,
    work: (change: DefinitionFacts & DefinitionWrites) => Promise<T>,
  ): Promise<T>;
}

/** Users of a tenant. */
export interface UserStore {
  /** Newest first. */
  listUsers(tenantId: string, slice: ListSlice): Promise<ListPage<User>>;
  /** Those of the UUIDs, at most 1,000 in lower case, that are users of the tenant. */
  knownUsers(tenantId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Teams. Ids are UUIDs. */
export interface TeamStore {
  /** Undefined when it is absent. `fresh`: as it is after every write before. */
  findTeam(tenantId: string, id: string, options?: { readonly fresh: boolean }): Promise<Team | undefined>;
  /** Newest first. */
  listTeams(tenantId: string, slice: ListSlice): Promise<ListPage<Team>>;
  /** Fault `unauthenticated` when the creator is not stored. A request that comes again is answered its team; undefined when that is gone. */
  insertTeam(actor: Actor, id: string, draft: TeamDraft): Promise<Team | undefined>;
  /** Changes the fields that are given; undefined when the team is absent. */
  updateTeam(actor: Actor, id: string, change: Partial<TeamDraft>): Promise<Team | undefined>;
  /** False when the team is absent. */
  deleteTeam(actor: Actor, id: string): Promise<boolean>;
}

/** The audit log. Only writes add to it. */
export interface AuditStore {
  /** Newest first. The total is counted up to 10,001. */
  listAuditEntries(
    tenantId: string,
    slice: ListSlice & { readonly filter: AuditFilter },
  ): Promise<ListPage<AuditEntry>>;
}

/** A key to store. */
export interface NewApiKey extends ApiKeyDraft, Pick<ApiKey, 'id' | 'keyId' | 'userId'> {
  /** SHA-256 of the key's 64 digits, 32 bytes. */
  readonly keyHash: Uint8Array;
}

/** API keys. */
export interface ApiKeyStore {
  /**
   * Stores a key and the user that it acts as. Fault `failed_precondition` when the tenant has 1,000 that hold, `unauthenticated` when
   * the creator is not stored. A request that comes again is answered its key as it is; `failed_precondition` when that has another hash.
   */
  insertApiKey(actor: Actor, key: NewApiKey): Promise<ApiKey>;
  /** The key that acts as this user, whether it holds or not; undefined for people. */
  findKeyOfUser(tenantId: string, userId: string): Promise<ApiKey | undefined>;
  /** Newest first, those that hold no more included. */
  listApiKeys(
    tenantId: string,
    slice: { readonly skip: number; readonly limit: number },
  ): Promise<{ readonly keys: readonly ApiKey[]; readonly total: number }>;
  /** Ends a key; one that has ended stays as it is. Undefined when it is absent. */
  revokeApiKey(actor: Actor, keyId: string): Promise<ApiKey | undefined>;
  /** The key with this hash and whom it acts for, and notes its use. Undefined when it is unknown, revoked or expired. Of no tenant. */
  useApiKey(keyHash: Uint8Array): Promise<
    | {
        readonly key: ApiKey;
        readonly tenantId: string;
        readonly tenantName: string;
        readonly username: string;
      }
    | undefined
  >;
}

/** What a connection that listens tells. */
export interface ChangeEvents {
  /** A write was committed; told in the order of commits. */
  changed(change: Change): void;
  /** Nothing more will be told. Called once, and not for a connection that is closed. */
  broke(error: Error): void;
}

/** A connection that listens. */
export interface ChangeConnection {
  /** Answers once everything has been told that was committed before. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** News of every write of every tenant. */
export interface ChangeSource {
  /** Opens a connection; from the answer on, every write that is committed is told. */
  listen(events: ChangeEvents): Promise<ChangeConnection>;
}

/** Names a permission. */
export type PermissionAsked = Pick<ToolPermission, 'agentId' | 'toolName'>;

/** Rules and writes of the tools of a tenant. Each write stores its record in the audit log too. */
export interface ToolChange {
  /** As that of definitions. */
  earlierWrite(): Promise<string | undefined>;
  /** The tool, the tenant's own before the platform's; undefined when it is absent. */
  tool(toolName: string): Promise<Tool | undefined>;
  /** Tools of the tenant's own. */
  toolCount(): Promise<number>;
  insertTool(id: string, write: ToolWrite, record: WriteRecord): Promise<Tool>;
  /** Takes the permissions for a tool away when it becomes an MCP server, or is one no longer. */
  updateTool(tool: Tool, write: ToolWrite, record: WriteRecord): Promise<Tool>;
  /** Removes the tool, its credentials and every permission for it. */
  deleteTool(tool: Tool, record: WriteRecord): Promise<void>;
  /** Whose an agent is; undefined when it is absent. */
  agent(agentId: string): Promise<Owned | undefined>;
  /** A permission that the tenant granted; undefined when it is absent. */
  permission(asked: PermissionAsked): Promise<ToolPermission | undefined>;
  permissionCount(): Promise<number>;
  insertPermission(asked: PermissionAsked, record: WriteRecord): Promise<ToolPermission>;
  deletePermission(asked: PermissionAsked, record: WriteRecord): Promise<void>;
}

/** Tools and who may call them. Credentials are stored sealed; only `findCredentials` opens them. */
export interface ToolStore {
  findTool(tenantId: string, toolName: string): Promise<Tool | undefined>;
  /** By name, those of the platform included; absent type for all. */
  listTools(tenantId: string, toolType?: ToolType): Promise<readonly Tool[]>;
  /** By agent, then tool, those of the platform's agents included; absent agent for all. */
  listToolPermissions(tenantId: string, agentId?: string): Promise<readonly ToolPermission[]>;
  /** What decides whether an agent may call `toolName`, which comes from the tool, or MCP server, `sourceName`. */
  findToolAccess(
    tenantId: string,
    asked: PermissionAsked & { readonly sourceName: string },
  ): Promise<AccessFacts>;
  /** Undefined when none are stored. Fault `failed_precondition` for those that no configured key opens. */
  findCredentials(tenantId: string, tool: Tool): Promise<JsonObject | undefined>;
  /** One transaction, which one writer of a tenant's tools holds at a time. The work may run again after a conflict. */
  changeTools<T>(actor: Actor, work: (change: ToolChange) => Promise<T>): Promise<T>;
}

/** The whole port. */
export interface RegistryStore
  extends AgentStore,
    DomainStore,
    TenantStore,
    DefinitionStore,
    ApiKeyStore,
    ToolStore,
    UserStore,
    TeamStore,
    UsageStore,
    GateStore,
    AuditStore,
    BreakerStore {}
