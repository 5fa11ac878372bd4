// Types of the API, generated from its description by `npm run generate`.

/**
 * A server-sent event; its `data` is JSON
 */
export type StreamEvent =
  | {
      event: 'status' | 'notice';
      /**
       * Where a client goes on after it: the `Last-Event-ID` to come back with
       */
      id: string;
      data: RunEvent;
    }
  | {
      event: 'token';
      data: TokenText;
    }
  | {
      event: 'end';
      data: {
        job_id: string;
      };
    }
  | {
      event: 'error';
      data: Problem;
    };
/**
 * Stored sealed and never answered. They fit auth_method: a key for api_key, client credentials for oauth, header fields for custom, none for iam and none
 */
export type ToolCredentials =
  | {
      key: string;
      /**
       * Header field that carries the key
       */
      header?: string;
    }
  | {
      token_url: string;
      client_id: string;
      client_secret: string;
      scope?: string;
    }
  | {
      headers: {
        [k: string]: string;
      };
    };
export type UpdateAgentAnswer200 = SavedAgent | AgentJudgement;
export type UpdateDomainAnswer200 = SavedDomain | DomainJudgement;
export type GetReportPlacesAnswer200 = ReportPoints | ReportClusters;
export type CountReportsAnswer200 = GroupCounts | TimeCounts;
export type BulkUpdateWorkersBody =
  | {
      /**
       * @minItems 1
       * @maxItems 1000
       */
      agent_ids: string[];
    }
  | string[];
export type GetDatabaseHealthAnswer200 =
  | {
      status: 'healthy';
      agent_count: number;
      task_count: number;
      message: string;
      connection_pool: {
        /**
         * Connections that are kept
         */
        pool_size: number;
        /**
         * Open ones that nobody uses
         */
        checked_in: number;
        /**
         * Those in use
         */
        checked_out: number;
        /**
         * Open ones beyond `pool_size`
         */
        overflow: number;
        /**
         * Those closed because they were found broken
         */
        invalid: number;
      };
      /**
       * Of all clients, as the server counts them
       */
      active_connections: number;
      /**
       * True: services are given their database
       */
      dependency_injection: boolean;
    }
  | {
      status: 'unhealthy';
      error: string;
      message: string;
    };

/**
 * An error (RFC 9457)
 */
export interface Problem {
  /**
   * URI that names the kind of problem; it never changes
   */
  type: string;
  title: string;
  status: number;
  /**
   * A sentence for people
   */
  detail: string;
  /**
   * Path of the request
   */
  instance: string;
  /**
   * Finds the trace and the log lines of the request
   */
  trace_id: string;
  /**
   * Same as detail
   */
  error: string;
  error_code: string;
  timestamp: string;
  /**
   * Only where an agent in use is deleted: what uses it
   */
  used_by?: string[];
  /**
   * Only where access to a tool is refused: `permission_denied` or `tool_not_found`
   */
  code?: string;
  /**
   * Only on API v2: same as detail
   */
  message?: string;
  /**
   * Only on API v2: names this one request in logs (`span_id`)
   */
  request_id?: string;
  /**
   * Everything that is wrong with the request, at once
   */
  details: {
    /**
     * JSON path of what is wrong
     */
    field: string;
    reason: string;
    /**
     * Only on API v2: field and reason as a sentence
     */
    message?: string;
    /**
     * Only on API v2: what was sent, cut at 100 characters and without secrets; null for nothing
     */
    invalid_value?: string | null;
    /**
     * Only on API v2: the rule that is broken
     */
    constraint?: string;
  }[];
}
/**
 * Where a page stands in its list
 */
export interface Pagination {
  /**
   * Absent when the page was asked for by cursor
   */
  page?: number;
  limit: number;
  /**
   * Matches before paging; absent when they were not counted
   */
  total?: number;
  /**
   * True when there may be more than `total`
   */
  total_at_least?: boolean;
  /**
   * Asks for the next page; null after the last one
   */
  next_cursor: string | null;
}
/**
 * A point as GeoJSON (RFC 7946)
 */
export interface Point {
  type: 'Point';
  /**
   * Longitude, then latitude, in degrees (WGS 84)
   *
   * @minItems 2
   * @maxItems 2
   */
  coordinates: number[];
}
/**
 * A conversation that questions belong to
 */
export interface Session {
  session_id: string;
  title: string;
  domain_id: string;
  message_count: number;
  last_activity: string;
  created_at: string;
  created_by_me: boolean;
  id: string;
  updated_at: string;
}
/**
 * A session with its messages
 */
export interface WholeSession {
  session_id: string;
  title: string;
  domain_id: string;
  message_count: number;
  last_activity: string;
  created_at: string;
  created_by_me: boolean;
  id: string;
  updated_at: string;
  messages: Message[];
  /**
   * Asks for earlier messages; null when there are none
   */
  messages_cursor: string | null;
}
/**
 * One turn of a conversation
 */
export interface Message {
  message_id: string;
  role: 'user' | 'assistant';
  content: string;
  timestamp: string;
  metadata: {
    query_id: string | null;
    references: Reference[];
  };
}
/**
 * A report that an answer rests on
 */
export interface Reference {
  type: 'report';
  reference_id: string;
  summary: string;
  status: string;
  location: null | Point;
  /**
   * Present and true once the report is deleted
   */
  deleted?: boolean;
}
/**
 * A session in a list
 */
export interface SessionRow {
  session_id: string;
  title: string;
  domain_id: string;
  message_count: number;
  last_activity: string;
  created_at: string;
  created_by_me: boolean;
}
/**
 * A run in a list
 */
export interface ExecutionRow {
  job_id: string;
  kind: 'ingest' | 'query' | 'management' | 'workflow' | 'task' | 'shadow_ingest' | 'shadow_query';
  status:
    'pending' | 'running' | 'paused' | 'cancelling' | 'finishing' | 'completed' | 'failed' | 'cancelled';
  /**
   * Why it failed or waits, as a word such as `agent_missing`
   */
  reason: string | null;
  /**
   * True when it failed and what succeeded was applied
   */
  partial: boolean;
  domain_id: string | null;
  /**
   * The version that it is pinned to
   */
  domain_version: number | null;
  /**
   * The report that it fills
   */
  incident_id?: string;
  /**
   * The query that it answers
   */
  query_id?: string;
  /**
   * The workflow that it runs
   */
  workflow_id?: string;
  /**
   * The run that it repeats
   */
  rerun_of: string | null;
  /**
   * Id of the user who started it
   */
  created_by: string;
  created_at: string;
  /**
   * When its first task could start
   */
  started_at: string | null;
  completed_at: string | null;
  /**
   * Why it failed, as a sentence
   */
  error: string | null;
}
/**
 * A run with its plan and log
 */
export interface Execution {
  job_id: string;
  kind: 'ingest' | 'query' | 'management' | 'workflow' | 'task' | 'shadow_ingest' | 'shadow_query';
  status:
    'pending' | 'running' | 'paused' | 'cancelling' | 'finishing' | 'completed' | 'failed' | 'cancelled';
  /**
   * Why it failed or waits, as a word such as `agent_missing`
   */
  reason: string | null;
  /**
   * True when it failed and what succeeded was applied
   */
  partial: boolean;
  domain_id: string | null;
  /**
   * The version that it is pinned to
   */
  domain_version: number | null;
  /**
   * The report that it fills
   */
  incident_id?: string;
  /**
   * The query that it answers
   */
  query_id?: string;
  /**
   * The workflow that it runs
   */
  workflow_id?: string;
  /**
   * The run that it repeats
   */
  rerun_of: string | null;
  /**
   * Id of the user who started it
   */
  created_by: string;
  created_at: string;
  /**
   * When its first task could start
   */
  started_at: string | null;
  completed_at: string | null;
  /**
   * Why it failed, as a sentence
   */
  error: string | null;
  /**
   * Session of a question
   */
  session_id: string | null;
  plan: {
    nodes: Task[];
    /**
     * Between nodes, by `node_id`
     */
    edges: {
      from: string;
      to: string;
    }[];
  };
  execution_log: LogEntry[];
  cache_stats: CacheStats | null;
  conflicts: {
    [k: string]: unknown;
  }[];
  tool_calls: ToolCall[];
  /**
   * Null when the start was not traced
   */
  trace_id: string | null;
}
/**
 * A node of a plan, and where it stands
 */
export interface Task {
  task_id: string;
  /**
   * Id of the agent, or `approval-<name>`
   */
  node_id: string;
  /**
   * Present for approvals alone
   */
  kind?: 'approval';
  agent_id: string | null;
  agent_name: string | null;
  agent_version: number | null;
  /**
   * True when a dependency pulled it in
   */
  implicit: boolean;
  status:
    | 'waiting'
    | 'ready'
    | 'running'
    | 'retry_wait'
    | 'waiting_approval'
    | 'succeeded'
    | 'failed'
    | 'skipped'
    | 'cancelled';
  /**
   * Attempts begun
   */
  attempt: number;
  /**
   * What it waits for, a sentence each
   */
  waiting_for: string[];
}
/**
 * A step that ended, or an output that was handed on
 */
export interface LogEntry {
  agent_id: string | null;
  agent_name: string | null;
  agent_version: number | null;
  task_id: string;
  status: 'success' | 'cached' | 'error' | 'skipped';
  timestamp: string;
  /**
   * The agent's own words; of a skipped step, who failed
   */
  reasoning: string;
  /**
   * Null for failed and skipped steps
   */
  output: {
    [k: string]: unknown;
  } | null;
  /**
   * 0 for outputs that were reused
   */
  execution_time_ms: number;
  /**
   * 0 when it was never tried
   */
  attempt: number;
  /**
   * Why it failed, as a word such as `attempt_timeout`
   */
  error_code?: string;
  error_message?: string;
  /**
   * What a model wrote last, where no output could be read from it
   */
  raw_text?: string;
  confidence?: number;
  /**
   * Model or runtime that computed it
   */
  runtime?: string;
  /**
   * Where a reused output comes from
   */
  cache?: {
    source: 'run' | 'cross_run' | 'rerun';
    /**
     * The run that computed it
     */
    from_job_id: string | null;
    /**
     * The node that it was handed to
     */
    handed_to?: string;
  };
}
/**
 * How many outputs were computed, and how many reused
 */
export interface CacheStats {
  cached_agents: number;
  executed_agents: number;
  total_agents: number;
}
/**
 * A call of a tool that an agent made
 */
export interface ToolCall {
  task_id: string;
  agent_id: string | null;
  attempt: number;
  /**
   * Within the attempt, from 1; null when it was not counted
   */
  number: number | null;
  tool_name: string;
  started_at: string;
  /**
   * Null while nobody has told of its end
   */
  duration_ms: number | null;
  /**
   * Why it failed or was refused
   */
  error_code: string | null;
  /**
   * Any JSON value
   */
  arguments: unknown;
  /**
   * Size and hash of the whole where only its beginning is kept, as text; else null
   */
  arguments_cut: {
    bytes: number;
    sha256: string;
  } | null;
  /**
   * Any JSON value
   */
  result: unknown;
  /**
   * Size and hash of the whole where only its beginning is kept, as text; else null
   */
  result_cut: {
    bytes: number;
    sha256: string;
  } | null;
}
/**
 * An approval in a list
 */
export interface ApprovalRow {
  job_id: string;
  task_id: string;
  node_id: string;
  domain_id: string | null;
  /**
   * What is asked
   */
  prompt: string;
  /**
   * Who may decide: any of these
   */
  roles: ('viewer' | 'editor' | 'admin')[];
  status: 'waiting' | 'approved' | 'rejected' | 'expired' | 'cancelled';
  requested_at: string;
  /**
   * When time decides
   */
  expires_at: string;
  /**
   * Id of the user who decided; null when time did, and until then
   */
  decided_by: string | null;
  decided_at: string | null;
  comment: string | null;
}
/**
 * A decision of a person that a run waits for
 */
export interface Approval {
  job_id: string;
  task_id: string;
  node_id: string;
  domain_id: string | null;
  /**
   * What is asked
   */
  prompt: string;
  /**
   * Who may decide: any of these
   */
  roles: ('viewer' | 'editor' | 'admin')[];
  status: 'waiting' | 'approved' | 'rejected' | 'expired' | 'cancelled';
  requested_at: string;
  /**
   * When time decides
   */
  expires_at: string;
  /**
   * Id of the user who decided; null when time did, and until then
   */
  decided_by: string | null;
  decided_at: string | null;
  comment: string | null;
  /**
   * Outputs of the tasks that it rests on, by node id; null when the run is not kept any more
   */
  inputs: {
    [k: string]: unknown;
  } | null;
}
/**
 * Someone who has signed in, or an API key that acts as a user of its own
 */
export interface User {
  id: string;
  username: string;
}
/**
 * A group of users of the tenant
 */
export interface Team {
  id: string;
  team_name: string;
  /**
   * Ids of users
   */
  members: string[];
  created_at: string;
  updated_at: string;
  /**
   * Id of the user who created it
   */
  created_by: string;
}
/**
 * An API key without its text
 */
export interface ApiKey {
  id: string;
  key_id: string;
  name: string;
  kind: 'master' | 'service' | 'user';
  /**
   * Items: `*` for everything, `<resource>:*`, or `<resource>:<action>` with a resource of agents, domains, reports, queries, sessions, data, tools, tool-access, executions, approvals, patches, users, teams, keys, audit, settings, usage, circuit-breakers, health and an action of read, create, update, delete; on API v2 agent:register, agent:read, agent:admin, task:create, task:read, task:assign, workflow:create, workflow:read, workflow:execute, system:health, system:read
   */
  permissions: string[];
  /**
   * Paths below the API base that it may call, with all below them; empty for every path
   */
  allowed_endpoints: string[];
  /**
   * Requests a minute
   */
  rate_limit: number;
  /**
   * Null for a key that does not end
   */
  expires_at: string | null;
  /**
   * To within ten minutes; null before the first use
   */
  last_used_at: string | null;
  /**
   * Null while it holds
   */
  revoked_at: string | null;
  /**
   * The user that it acts as
   */
  user_id: string;
  created_at: string;
  created_by: string;
}
/**
 * An API key with its text, which no other answer has
 */
export interface NewApiKey {
  /**
   * The key itself: keep it, it is not shown again
   */
  api_key: string;
  id: string;
  key_id: string;
  name: string;
  kind: 'master' | 'service' | 'user';
  /**
   * Items: `*` for everything, `<resource>:*`, or `<resource>:<action>` with a resource of agents, domains, reports, queries, sessions, data, tools, tool-access, executions, approvals, patches, users, teams, keys, audit, settings, usage, circuit-breakers, health and an action of read, create, update, delete; on API v2 agent:register, agent:read, agent:admin, task:create, task:read, task:assign, workflow:create, workflow:read, workflow:execute, system:health, system:read
   */
  permissions: string[];
  /**
   * Paths below the API base that it may call, with all below them; empty for every path
   */
  allowed_endpoints: string[];
  /**
   * Requests a minute
   */
  rate_limit: number;
  /**
   * Null for a key that does not end
   */
  expires_at: string | null;
  /**
   * To within ten minutes; null before the first use
   */
  last_used_at: string | null;
  /**
   * Null while it holds
   */
  revoked_at: string | null;
  /**
   * The user that it acts as
   */
  user_id: string;
  created_at: string;
  created_by: string;
}
/**
 * A part of the list of API keys, newest first
 */
export interface ApiKeyList {
  items: ApiKey[];
  total: number;
  skip: number;
  limit: number;
  has_next: boolean;
  has_previous: boolean;
}
/**
 * What the tenant sets for all its domains
 */
export interface TenantSettings {
  /**
   * Where the tenant is at home; null when unknown
   */
  home_area: {
    name: string;
    point: Point | null;
  } | null;
  /**
   * Places of its own that no gazetteer knows
   */
  places: {
    name: string;
    aliases: string[];
    point: Point | null;
  }[];
  /**
   * IANA time zone that its texts speak in
   */
  time_zone: string;
  /**
   * Null for no bound
   */
  budgets: {
    /**
     * The whole tenant in a calendar month of its time zone
     */
    tenant: Budget | null;
    /**
     * Each domain in such a month
     */
    domain: Budget | null;
    /**
     * Each execution
     */
    run: Budget | null;
  };
}
/**
 * What calls of models may cost
 */
export interface Budget {
  /**
   * Beyond it there are warnings; null for none
   */
  soft: number | null;
  /**
   * Beyond it no call is made; null for none
   */
  hard: number | null;
  /**
   * ISO 4217
   */
  currency: string;
}
/**
 * What models were called for, and what that cost
 */
export interface Usage {
  from: string;
  /**
   * Not included
   */
  to: string;
  group_by: 'agent' | 'domain' | 'model' | 'day';
  groups: {
    /**
     * Agent, domain, `provider/model` or day; empty for calls without a domain, `other` for what is beyond 1,000 groups
     */
    key: string;
    /**
     * Calls that were sent
     */
    calls: number;
    /**
     * Those of which nobody told how they ended; they may have been paid
     */
    uncertain_calls: number;
    /**
     * Those whose tokens are a guess, since the provider told no count
     */
    estimated_calls: number;
    input_tokens: number;
    output_tokens: number;
    /**
     * Null for calls without a price
     */
    money: number | null;
    /**
     * ISO 4217; null for calls without a price
     */
    currency: string | null;
  }[];
  /**
   * One for each currency, and one for calls without a price
   */
  totals: {
    /**
     * Calls that were sent
     */
    calls: number;
    /**
     * Those of which nobody told how they ended; they may have been paid
     */
    uncertain_calls: number;
    /**
     * Those whose tokens are a guess, since the provider told no count
     */
    estimated_calls: number;
    input_tokens: number;
    output_tokens: number;
    /**
     * Null for calls without a price
     */
    money: number | null;
    /**
     * ISO 4217; null for calls without a price
     */
    currency: string | null;
  }[];
}
/**
 * What somebody did. Entries are never changed
 */
export interface AuditEntry {
  id: string;
  operation_type:
    | 'create'
    | 'update'
    | 'delete'
    | 'rollback'
    | 'grant'
    | 'revoke'
    | 'execution_start'
    | 'execution_rerun'
    | 'execution_cancel'
    | 'execution_pause'
    | 'execution_resume'
    | 'approval_approve'
    | 'approval_reject'
    | 'gate_start'
    | 'gate_cancel'
    | 'agent_registration'
    | 'agent_update'
    | 'agent_removal'
    | 'bulk_agent_operation'
    | 'task_creation'
    | 'task_assignment'
    | 'task_execution'
    | 'task_cancellation'
    | 'workflow_creation'
    | 'workflow_execution'
    | 'workflow_cancellation';
  entity_type:
    | 'agent'
    | 'domain'
    | 'tool'
    | 'tool_access'
    | 'team'
    | 'user'
    | 'api_key'
    | 'tenant'
    | 'tenant_settings'
    | 'golden_set'
    | 'circuit_breaker'
    | 'execution'
    | 'approval'
    | 'report'
    | 'query'
    | 'session'
    | 'gate'
    | 'worker'
    | 'task'
    | 'workflow';
  entity_id: string;
  status: 'success' | 'failure' | 'partial';
  /**
   * What happened, as a sentence
   */
  message: string;
  details: {
    [k: string]: unknown;
  };
  /**
   * SHA-256 of what it was before; null where nothing was, or was hashed
   */
  before_hash: string | null;
  /**
   * The same of what it is now
   */
  after_hash: string | null;
  /**
   * Who did it
   */
  user_id: string;
  /**
   * Trace of the request; null when it was not traced
   */
  trace_id: string | null;
  /**
   * Null where it was not measured
   */
  duration_ms: number | null;
  timestamp: string;
}
/**
 * A report in a list
 */
export interface ReportRow {
  incident_id: string;
  domain_id: string;
  /**
   * The first 200 characters
   */
  raw_text: string;
  /**
   * `processing`, then `completed` or `failed`, or a case status in your own words
   */
  status: string;
  created_at: string;
  created_by_me: boolean;
}
/**
 * A report with everything that is known of it
 */
export interface Report {
  incident_id: string;
  domain_id: string;
  /**
   * The words of the reporter
   */
  raw_text: string;
  /**
   * `processing`, then `completed` or `failed`, or a case status in your own words
   */
  status: string;
  created_at: string;
  created_by_me: boolean;
  tenant_id: string;
  images: ReportImage[];
  /**
   * Where it came from, such as `web`
   */
  source: string;
  /**
   * What the agents found out, under the output keys of the domain; empty until they have ended
   */
  ingestion_data: {
    [k: string]: unknown;
  };
  /**
   * What people and commands recorded; `history` holds the newest 100 changes
   */
  management_data: {
    [k: string]: unknown;
  };
  /**
   * Where each value of `ingestion_data` comes from, by its key
   */
  provenance: {
    [k: string]: Provenance;
  };
  conflicts: ReportConflict[];
  /**
   * Mean over the agents; null until they have ended
   */
  confidence: number | null;
  /**
   * True when `confidence` is below 0.6
   */
  needs_clarification: boolean;
  /**
   * What to ask the reporter then
   */
  clarification_questions: string[];
  /**
   * The newest execution; null for a report that was imported
   */
  job_id: string | null;
  /**
   * Why no agent found anything; null unless that failed
   */
  error: string | null;
  id: string;
  updated_at: string;
  created_by: string;
}
/**
 * An image of a report
 */
export interface ReportImage {
  /**
   * A link that reads it for an hour; for an external image the link that was given
   */
  url: string | null;
  /**
   * Null for an external image
   */
  object_key: string | null;
  /**
   * Empty when unknown
   */
  content_type: string;
  /**
   * 0 when unknown
   */
  size_bytes: number;
  /**
   * SHA-256 in 64 hex digits; null when unknown
   */
  checksum: string | null;
  /**
   * True when the platform has looked at type and size
   */
  verified: boolean;
}
/**
 * Where a value comes from
 */
export interface Provenance {
  agent_id: string;
  agent_version: number;
  execution_id: string;
  attempt: number;
  /**
   * Model or runtime, such as `builtin`
   */
  runtime: string;
  confidence: number;
  /**
   * The places in `raw_text` that it was read from; empty when it is not from the text
   */
  spans: Span[];
}
/**
 * A range of a text in UTF-16 code units
 */
export interface Span {
  /**
   * The first unit
   */
  start: number;
  /**
   * The unit after the last one
   */
  end: number;
}
/**
 * A key that agents answered differently
 */
export interface ReportConflict {
  key: string;
  /**
   * What stands: the later one in the order of the plan
   */
  kept: {
    agent_id: string;
    /**
     * Any JSON value
     */
    value: unknown;
  };
  dropped: {
    agent_id: string;
    /**
     * Any JSON value
     */
    value: unknown;
  }[];
}
/**
 * A report after a change
 */
export interface ChangedReport {
  incident_id: string;
  domain_id: string;
  /**
   * The words of the reporter
   */
  raw_text: string;
  /**
   * `processing`, then `completed` or `failed`, or a case status in your own words
   */
  status: string;
  created_at: string;
  created_by_me: boolean;
  tenant_id: string;
  images: ReportImage[];
  /**
   * Where it came from, such as `web`
   */
  source: string;
  /**
   * What the agents found out, under the output keys of the domain; empty until they have ended
   */
  ingestion_data: {
    [k: string]: unknown;
  };
  /**
   * What people and commands recorded; `history` holds the newest 100 changes
   */
  management_data: {
    [k: string]: unknown;
  };
  /**
   * Where each value of `ingestion_data` comes from, by its key
   */
  provenance: {
    [k: string]: Provenance;
  };
  conflicts: ReportConflict[];
  /**
   * Mean over the agents; null until they have ended
   */
  confidence: number | null;
  /**
   * True when `confidence` is below 0.6
   */
  needs_clarification: boolean;
  /**
   * What to ask the reporter then
   */
  clarification_questions: string[];
  /**
   * The newest execution; null for a report that was imported
   */
  job_id: string | null;
  /**
   * Why no agent found anything; null unless that failed
   */
  error: string | null;
  id: string;
  updated_at: string;
  created_by: string;
  /**
   * The patch that the change was recorded as; null when nothing changed
   */
  patch_id: string | null;
}
/**
 * A report whose run has been recorded
 */
export interface AcceptedReport {
  job_id: string;
  incident_id: string;
  status: 'accepted';
  message: string;
  timestamp: string;
}
/**
 * A place for an image
 */
export interface ImageUpload {
  /**
   * Names the image in `images` of a report; nobody can read it there
   */
  image_url: string;
  /**
   * PUT the bytes here, with the announced type and size, without a credential
   */
  upload_url: string;
  object_key: string;
  /**
   * When `upload_url` ends, 15 minutes later
   */
  expires_at: string;
}
/**
 * What became of a line of a batch
 */
export interface BatchLine {
  /**
   * Number of the line, from 1
   */
  line: number;
  /**
   * `rejected` is yours to mend; a line that `failed` can be sent again; `existed` is a report that was there already
   */
  status: 'accepted' | 'imported' | 'existed' | 'rejected' | 'failed';
  incident_id?: string;
  job_id?: string;
  /**
   * Where an earlier batch of the same Idempotency-Key had the line
   */
  replayed?: true;
  /**
   * A sentence, where nothing came of the line
   */
  error?: string;
  error_code?: string;
  details?: {
    field: string;
    reason: string;
  }[];
}
/**
 * A report to submit
 */
export interface NewReport {
  /**
   * a lower-case letter, then at most 49 lower-case letters, digits or underscores
   */
  domain_id: string;
  /**
   * What happened, in the words of the reporter
   */
  text: string;
  /**
   * Where it came from
   */
  source?: string;
  /**
   * Data URLs, `image_url`s of POST /reports/images, or https links, which are never fetched
   *
   * @maxItems 5
   */
  images?: string[];
}
/**
 * A report to store as it is, such as a line of an export: `text` or `raw_text` is needed
 */
export interface FinishedReport {
  /**
   * The id that it had: importing it again changes nothing; a new id unless given
   */
  incident_id?: string;
  /**
   * a lower-case letter, then at most 49 lower-case letters, digits or underscores
   */
  domain_id: string;
  /**
   * What happened, in the words of the reporter
   */
  text?: string;
  /**
   * The same as `text`, which comes first
   */
  raw_text?: string;
  /**
   * Where it came from; `import` unless given
   */
  source?: string;
  /**
   * Any status but `processing`; `completed` unless given
   */
  status?: string;
  /**
   * What was found out; may be empty
   */
  ingestion_data: {
    [k: string]: unknown;
  };
  /**
   * What was recorded; its `history` is taken over
   */
  management_data?: {
    [k: string]: unknown;
  };
  confidence?: number | null;
  /**
   * When it was submitted; now unless given
   */
  created_at?: string;
  [k: string]: unknown;
}
/**
 * A report as a GeoJSON feature
 */
export interface ReportFeature {
  type: 'Feature';
  geometry: Point | null;
  properties: {
    incident_id: string;
    domain_id: string;
    status: string;
    source: string;
    created_at: string;
    updated_at: string;
    created_by: string;
    raw_text: string;
    confidence: number | null;
    ingestion_data: {
      [k: string]: unknown;
    };
    management_data: {
      [k: string]: unknown;
    };
  };
}
/**
 * Reports as a GeoJSON feature collection; those without a place have no geometry
 */
export interface ReportFeatures {
  type: 'FeatureCollection';
  features: ReportFeature[];
}
/**
 * Where a report is, as a GeoJSON feature
 */
export interface ReportPoint {
  type: 'Feature';
  geometry: Point;
  properties: {
    incident_id: string;
    status: string;
  };
}
/**
 * Where reports are, as a GeoJSON feature collection
 */
export interface ReportPoints {
  type: 'FeatureCollection';
  features: ReportPoint[];
  /**
   * Reports in the area; absent when asked for by cursor
   */
  total?: number;
  /**
   * Asks for more; null after the last ones
   */
  next_cursor: string | null;
}
/**
 * The middle of the reports of a tile, as a GeoJSON feature
 */
export interface ReportCluster {
  type: 'Feature';
  geometry: Point;
  properties: {
    count: number;
  };
}
/**
 * How many reports are where, the most first
 */
export interface ReportClusters {
  type: 'FeatureCollection';
  features: ReportCluster[];
  /**
   * Reports in the area
   */
  total: number;
  next_cursor: null;
}
/**
 * How many reports have which value
 */
export interface GroupCounts {
  /**
   * By count, the most first, then by key; what is beyond the first 1,000 is summed under `other`
   */
  aggregations: {
    key: string;
    count: number;
  }[];
  /**
   * Sum of the counts: reports that have a value
   */
  total: number;
}
/**
 * How many reports came in which span of time
 */
export interface TimeCounts {
  /**
   * In order of time
   */
  buckets: {
    start: string;
    count: number;
  }[];
  /**
   * Sum of the counts: reports that have a time
   */
  total: number;
}
/**
 * A question or command in a list
 */
export interface QueryRow {
  query_id: string;
  session_id: string;
  domain_id: string;
  /**
   * The first 200 characters
   */
  question: string;
  /**
   * A question, or a command that changes reports
   */
  mode: 'query' | 'management';
  status: 'processing' | 'completed' | 'failed';
  created_at: string;
  created_by_me: boolean;
}
/**
 * A question or command, and what came of it
 */
export interface Query {
  query_id: string;
  session_id: string;
  domain_id: string;
  question: string;
  /**
   * A question, or a command that changes reports
   */
  mode: 'query' | 'management';
  status: 'processing' | 'completed' | 'failed';
  created_at: string;
  created_by_me: boolean;
  /**
   * The newest execution
   */
  job_id: string;
  tenant_id: string;
  /**
   * A line for each answer with the ids that it rests on, then a line that begins with `Summary:`
   */
  summary: string | null;
  /**
   * One of each agent, in the order of the plan
   */
  answers: Answer[];
  /**
   * Null where no report has a place
   */
  map_data: MapData | null;
  /**
   * In the order of their first use, at most 50; of a command the reports that it changed
   */
  references_used: Reference[];
  /**
   * What agents referred to and what names no report of the domain
   */
  references_rejected: {
    reference_id: string;
    agent_id: string;
    reason: string;
  }[];
  /**
   * All that the answer rests on, also beyond the 50
   */
  references_total: number;
  /**
   * The changes that a command made or proposed
   */
  patches: string[];
  execution_log: LogEntry[];
  cache_stats: CacheStats | null;
  /**
   * Why there is no answer; null unless the run failed
   */
  error: string | null;
  id: string;
  updated_at: string;
  /**
   * Null until the run has ended
   */
  completed_at: string | null;
  created_by: string;
}
/**
 * What one agent says
 */
export interface Answer {
  agent_id: string;
  /**
   * Its name without `Agent`
   */
  label: string;
  /**
   * At most 150 characters
   */
  text: string;
  /**
   * The reports that it rests on
   */
  references: string[];
}
/**
 * What a map should show of an answer
 */
export interface MapData {
  map_action: 'ADD_MARKERS' | 'FIT_BOUNDS';
  display: 'marker' | 'markers' | 'heatmap';
  /**
   * Width of a cell of the heatmap; absent for markers
   */
  cluster_degrees?: number;
  /**
   * What to show, in degrees (WGS 84), with room around the reports
   */
  bounds: {
    west: number;
    south: number;
    east: number;
    north: number;
  };
  /**
   * At most 1,000 reports
   */
  data: {
    type: 'FeatureCollection';
    features: ReportPoint[];
  };
}
/**
 * A question or command whose run has been recorded
 */
export interface AcceptedQuery {
  job_id: string;
  query_id: string;
  session_id: string;
  status: 'accepted';
  message: string;
  timestamp: string;
}
/**
 * Something that happened in a run
 */
export interface RunEvent {
  job_id: string;
  query_id: string | null;
  incident_id: string | null;
  session_id: string | null;
  /**
   * Who started the run
   */
  user_id: string | null;
  /**
   * Null where no agent is concerned
   */
  agent_id: string | null;
  agent_name: string | null;
  /**
   * Null in a notice, else `loading_agents`, `agent_invoking`, `calling_tool`, `agent_complete`, `agent_error`, `validating`, `synthesizing`, `complete` or `error`
   */
  status: string | null;
  /**
   * A sentence for people
   */
  message: string | null;
  timestamp: string;
  /**
   * Counts the events of the run from 1, without a gap
   */
  seq: number;
  /**
   * What belongs to the status or notice, such as `attempt`
   */
  metadata: {
    [k: string]: unknown;
  } | null;
  /**
   * Null in a status, else what the status words do not cover: `paused`, `resumed`, `retry_scheduled`, `approval_requested`, `approval_decided`, `task_skipped` and the like
   */
  notice: string | null;
  kind: ('ingest' | 'query' | 'management' | 'workflow' | 'task' | 'shadow_ingest' | 'shadow_query') | null;
  /**
   * Null where no task is concerned
   */
  task_id: string | null;
}
/**
 * Text that a model has just written
 */
export interface TokenText {
  job_id: string;
  task_id: string;
  attempt: number;
  /**
   * Place of the text in the whole, in UTF-16 code units
   */
  offset: number;
  /**
   * A client that comes late first gets the text so far, at 0
   */
  text: string;
}
/**
 * A change of one report
 */
export interface Patch {
  patch_id: string;
  incident_id: string;
  domain_id: string;
  source: 'agent' | 'user';
  /**
   * The run that made it; null for a person's
   */
  job_id: string | null;
  /**
   * The command that it carries out; null for a person's
   */
  query_id: string | null;
  /**
   * Null for a person's
   */
  agent_id: string | null;
  agent_version: number | null;
  /**
   * Each path once
   */
  changes: {
    /**
     * `status`, or a path below `management_data`
     */
    path: string;
    /**
     * Any JSON value; absent where there was none
     */
    before?: unknown;
    /**
     * Any JSON value; absent where it goes
     */
    after?: unknown;
  }[];
  reason: string | null;
  /**
   * The reports that the change rests on
   */
  references: string[];
  /**
   * `conflicted` when the report no longer held what the patch says was there before
   */
  status: 'proposed' | 'applied' | 'rejected' | 'reverted' | 'conflicted';
  /**
   * Id of the user who made it, or started the run
   */
  created_by: string;
  created_at: string;
  created_by_me: boolean;
  /**
   * Id of the user who decided or reverted it
   */
  decided_by: string | null;
  decided_at: string | null;
  /**
   * The patch that this one takes back
   */
  reverts: string | null;
  /**
   * The patch that took this one back
   */
  reverted_by: string | null;
  id: string;
}
/**
 * What is allowed in a definition and probably not meant
 */
export interface DefinitionWarning {
  /**
   * Null where it is about no saved domain
   */
  domain_id: string | null;
  /**
   * Ingestion makes records of texts, query answers questions, management changes records
   */
  playbook: 'ingestion' | 'query' | 'management';
  /**
   * JSON path in the domain
   */
  path: string;
  /**
   * `duplicate_key`: two agents of the plan answer the same key. `missing_key`: a key is asked for that neither the input of a run nor an agent before answers. `unknown_path`: a golden set expects what no agent of the plan answers
   */
  code: string;
  /**
   * The same as a sentence
   */
  text: string;
}
/**
 * `to` is given the output of `from`
 */
export interface Edge {
  /**
   * Id of an agent or of an approval
   */
  from: string;
  /**
   * Id of an agent or of an approval
   */
  to: string;
}
/**
 * What would run, in the order of a run
 */
export interface PlanPreview {
  nodes: {
    node_id: string;
    /**
     * Unavailable: the agent is gone or disabled
     */
    kind: 'agent' | 'approval' | 'unavailable';
    /**
     * Null unless the node is an agent
     */
    agent_name: string | null;
    /**
     * Null unless the node is an agent
     */
    agent_version: number | null;
    /**
     * True where only a dependency of an agent pulls it in
     */
    implicit: boolean;
    /**
     * Only of what is unavailable: why
     */
    error_code?: string;
  }[];
  edges: Edge[];
  /**
   * SHA-256 of the plan, 64 hex digits: the same for plans that are the same
   */
  hash: string;
}
/**
 * What a save of an agent would come to; nothing is stored
 */
export interface AgentJudgement {
  /**
   * True when it would be stored
   */
  valid: boolean;
  /**
   * Every rule that it breaks, at most 100
   */
  details: {
    field: string;
    reason: string;
  }[];
  warnings: DefinitionWarning[];
  plan: PlanPreview | null;
}
/**
 * What a save of a domain would come to; nothing is stored
 */
export interface DomainJudgement {
  /**
   * True when it would be stored
   */
  valid: boolean;
  /**
   * Every rule that it breaks, at most 100
   */
  details: {
    field: string;
    reason: string;
  }[];
  warnings: DefinitionWarning[];
  /**
   * By playbook; null for one that breaks a rule
   */
  plan: {
    ingestion: PlanPreview | null;
    query: PlanPreview | null;
    management: PlanPreview | null;
  };
}
/**
 * What differs between two versions
 */
export interface Differences {
  /**
   * In order of their paths; whole fields where more than 500 values differ
   */
  changes: {
    path: string;
    /**
     * Absent where the version before has no such value
     */
    before?: unknown;
    /**
     * Absent where the version after has no such value
     */
    after?: unknown;
  }[];
  /**
   * 0 for what was before the first version
   */
  from: number;
  to: number;
}
/**
 * How an agent is run; what is absent has the default of its playbook or of the platform
 */
export interface AgentSettings {
  runtime?: 'builtin' | 'model' | 'worker';
  /**
   * Model that it runs on; absent means the one of the deployment
   */
  model?: string;
  /**
   * After a paid call, or an attempt of a worker, that may or may not have happened; absent means retry
   */
  on_uncertain?: 'retry' | 'fail';
  /**
   * Absent means 0.1
   */
  temperature?: number;
  /**
   * Absent means 1,024
   */
  max_output_tokens?: number;
  /**
   * Whether a model that sees is given the images of the report
   */
  images?: boolean;
  /**
   * Keys of the input of a run that it is given; absent means all
   *
   * @maxItems 20
   */
  input_keys?: string[];
  /**
   * Seconds for which an output may serve other runs; 0 for never
   */
  cache_ttl_s?: number;
  /**
   * Absent means 3
   */
  max_retries?: number;
  /**
   * Seconds for one attempt, at most total_timeout_s; absent means 300
   */
  attempt_timeout_s?: number;
  /**
   * Seconds for the task over all attempts and waits; absent means 600
   */
  total_timeout_s?: number;
  /**
   * What a worker must be able to do; only for runtime worker
   *
   * @maxItems 20
   */
  required_capabilities?: string[];
}
/**
 * An agent in a list
 */
export interface AgentRow {
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
  agent_name: string;
  /**
   * Ingestion makes records of texts, query answers questions, management changes records
   */
  agent_class: 'ingestion' | 'query' | 'management';
  /**
   * Runs record a disabled agent as an error
   */
  enabled: boolean;
  /**
   * True for agents of the platform, which nobody can change
   */
  is_inbuilt: boolean;
  /**
   * From 1, one higher with every save
   */
  version: number;
  created_at: string;
  created_by_me: boolean;
}
/**
 * A version of an agent
 */
export interface Agent {
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
  agent_name: string;
  /**
   * Ingestion makes records of texts, query answers questions, management changes records
   */
  agent_class: 'ingestion' | 'query' | 'management';
  /**
   * Runs record a disabled agent as an error
   */
  enabled: boolean;
  /**
   * True for agents of the platform, which nobody can change
   */
  is_inbuilt: boolean;
  /**
   * From 1, one higher with every save
   */
  version: number;
  created_at: string;
  created_by_me: boolean;
  tenant_id: string;
  system_prompt: string;
  /**
   * Names of tools that it may call once they are granted to it
   */
  tools: string[];
  /**
   * Ids of agents whose outputs it is given, in order
   */
  agent_dependencies: string[];
  max_output_keys: number;
  /**
   * JSON Schema of its output, or a map of its keys to schemas
   */
  output_schema: {
    [k: string]: unknown;
  };
  description: string | null;
  settings: AgentSettings;
  id: string;
  /**
   * When this version was stored
   */
  updated_at: string;
  /**
   * Id of a user
   */
  created_by: string;
  /**
   * The agent with everything that it depends on, directly or not
   */
  dependency_graph: {
    nodes: {
      /**
       * Fixed names for agents of the platform
       */
      id: string;
      label: string;
      /**
       * Ingestion makes records of texts, query answers questions, management changes records
       */
      class: 'ingestion' | 'query' | 'management';
    }[];
    edges: Edge[];
  };
}
/**
 * An agent that was just created
 */
export interface CreatedAgent {
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
  agent_name: string;
  /**
   * Ingestion makes records of texts, query answers questions, management changes records
   */
  agent_class: 'ingestion' | 'query' | 'management';
  version: number;
  is_inbuilt: boolean;
  id: string;
  created_at: string;
  updated_at: string;
  /**
   * Id of a user
   */
  created_by: string;
  warnings: DefinitionWarning[];
}
/**
 * A version of an agent that was just stored
 */
export interface SavedAgent {
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
  agent_name: string;
  /**
   * Ingestion makes records of texts, query answers questions, management changes records
   */
  agent_class: 'ingestion' | 'query' | 'management';
  /**
   * Runs record a disabled agent as an error
   */
  enabled: boolean;
  /**
   * True for agents of the platform, which nobody can change
   */
  is_inbuilt: boolean;
  /**
   * From 1, one higher with every save
   */
  version: number;
  created_at: string;
  created_by_me: boolean;
  tenant_id: string;
  system_prompt: string;
  /**
   * Names of tools that it may call once they are granted to it
   */
  tools: string[];
  /**
   * Ids of agents whose outputs it is given, in order
   */
  agent_dependencies: string[];
  max_output_keys: number;
  /**
   * JSON Schema of its output, or a map of its keys to schemas
   */
  output_schema: {
    [k: string]: unknown;
  };
  description: string | null;
  settings: AgentSettings;
  id: string;
  /**
   * When this version was stored
   */
  updated_at: string;
  /**
   * Id of a user
   */
  created_by: string;
  /**
   * The agent with everything that it depends on, directly or not
   */
  dependency_graph: {
    nodes: {
      /**
       * Fixed names for agents of the platform
       */
      id: string;
      label: string;
      /**
       * Ingestion makes records of texts, query answers questions, management changes records
       */
      class: 'ingestion' | 'query' | 'management';
    }[];
    edges: Edge[];
  };
  warnings: DefinitionWarning[];
}
/**
 * How an agent is run; they replace earlier ones as a whole
 */
export interface NewAgentSettings {
  runtime?: 'model' | 'worker';
  /**
   * Model that it runs on; absent means the one of the deployment
   */
  model?: string;
  /**
   * After a paid call, or an attempt of a worker, that may or may not have happened; absent means retry
   */
  on_uncertain?: 'retry' | 'fail';
  /**
   * Absent means 0.1
   */
  temperature?: number;
  /**
   * Absent means 1,024
   */
  max_output_tokens?: number;
  /**
   * Whether a model that sees is given the images of the report
   */
  images?: boolean;
  /**
   * Keys of the input of a run that it is given; absent means all
   *
   * @maxItems 20
   */
  input_keys?: string[];
  /**
   * Seconds for which an output may serve other runs; 0 for never
   */
  cache_ttl_s?: number;
  /**
   * Absent means 3
   */
  max_retries?: number;
  /**
   * Seconds for one attempt, at most total_timeout_s; absent means 300
   */
  attempt_timeout_s?: number;
  /**
   * Seconds for the task over all attempts and waits; absent means 600
   */
  total_timeout_s?: number;
  /**
   * What a worker must be able to do; only for runtime worker
   *
   * @maxItems 20
   */
  required_capabilities?: string[];
}
/**
 * A new agent; other members are ignored
 */
export interface NewAgent {
  agent_name: string;
  /**
   * At most 2,000 characters, unless the deployment allows more
   */
  system_prompt: string;
  /**
   * JSON Schema with 1 to 5 properties, or a map of keys to their schemas; at most 16 KB
   */
  output_schema: {
    [k: string]: unknown;
  };
  /**
   * Tools that it may call; each has to be granted to it too
   *
   * @maxItems 20
   */
  tools?: string[] | null;
  /**
   * Agents whose outputs it needs; they must exist and form no cycle
   *
   * @maxItems 20
   */
  agent_dependencies?: string[] | null;
  description?: string | null;
  /**
   * Of a new agent true where absent
   */
  enabled?: boolean;
  settings?: NewAgentSettings | null;
  /**
   * Ingestion makes records of texts, query answers questions, management changes records
   */
  agent_class: 'ingestion' | 'query' | 'management';
}
/**
 * Any of the members of a new agent but its class, at least one; what is absent stays, null removes what is optional
 */
export interface AgentChanges {
  agent_name?: string;
  /**
   * At most 2,000 characters, unless the deployment allows more
   */
  system_prompt?: string;
  /**
   * JSON Schema with 1 to 5 properties, or a map of keys to their schemas; at most 16 KB
   */
  output_schema?: {
    [k: string]: unknown;
  };
  /**
   * Tools that it may call; each has to be granted to it too
   *
   * @maxItems 20
   */
  tools?: string[] | null;
  /**
   * Agents whose outputs it needs; they must exist and form no cycle
   *
   * @maxItems 20
   */
  agent_dependencies?: string[] | null;
  description?: string | null;
  /**
   * Of a new agent true where absent
   */
  enabled?: boolean;
  settings?: NewAgentSettings | null;
}
/**
 * A step at which a run waits for a person
 */
export interface ApprovalNode {
  id: string;
  kind: 'approval';
  /**
   * What is asked
   */
  prompt: string;
  /**
   * Who may decide; absent means editor and admin
   */
  roles?: ('editor' | 'admin')[];
  /**
   * Seconds to wait; absent means 86,400
   */
  timeout_s?: number;
  /**
   * What it becomes then; absent means reject
   */
  on_timeout?: 'reject' | 'approve';
}
/**
 * The steps of a playbook and what they are given
 */
export interface PlaybookGraph {
  /**
   * Ids of agents, at least one, and approvals; at most 50 unless the deployment allows more
   *
   * @minItems 1
   */
  nodes: (string | ApprovalNode)[];
  /**
   * Beside them the dependencies of agents count; at most 200 unless the deployment allows more
   */
  edges: Edge[];
}
/**
 * How a playbook is run; what is absent has the default of the platform
 */
export interface PlaybookSettings {
  /**
   * Whether a failed task ends the run or skips only what needs it; absent means fail_fast
   */
  failure_policy?: 'fail_fast' | 'continue';
  /**
   * Of its tasks; absent means 3
   */
  max_retries?: number;
  /**
   * Seconds for one attempt of a task; absent means 300
   */
  attempt_timeout_s?: number;
  /**
   * Seconds for a task over all attempts; absent means 600
   */
  total_timeout_s?: number;
  /**
   * Seconds for a whole run; absent means 900
   */
  execution_timeout_s?: number;
  /**
   * Only of a management playbook: whether changes wait for a person; absent means auto
   */
  apply?: 'auto' | 'review';
  /**
   * Only of an ingestion playbook: the model by which agents name the category of a report
   */
  category_model?: string;
}
/**
 * A graph of agents and approvals
 */
export interface Playbook {
  agent_execution_graph: PlaybookGraph;
  settings: PlaybookSettings;
}
/**
 * A domain in a list
 */
export interface DomainRow {
  domain_id: string;
  domain_name: string;
  description: string | null;
  id: string;
  created_at: string;
  created_by_me: boolean;
}
/**
 * A domain that was just created
 */
export interface CreatedDomain {
  domain_id: string;
  domain_name: string;
  version: number;
  id: string;
  created_at: string;
  updated_at: string;
  /**
   * Id of a user
   */
  created_by: string;
  warnings: DefinitionWarning[];
}
/**
 * A version of a domain
 */
export interface Domain {
  domain_id: string;
  domain_name: string;
  description: string | null;
  id: string;
  created_at: string;
  created_by_me: boolean;
  tenant_id: string;
  ingestion_playbook: Playbook;
  query_playbook: Playbook;
  management_playbook: Playbook;
  /**
   * From 1, one higher with every save
   */
  version: number;
  /**
   * When this version was stored
   */
  updated_at: string;
  /**
   * Id of a user
   */
  created_by: string;
}
/**
 * A version of a domain that was just stored
 */
export interface SavedDomain {
  domain_id: string;
  domain_name: string;
  description: string | null;
  id: string;
  created_at: string;
  created_by_me: boolean;
  tenant_id: string;
  ingestion_playbook: Playbook;
  query_playbook: Playbook;
  management_playbook: Playbook;
  /**
   * From 1, one higher with every save
   */
  version: number;
  /**
   * When this version was stored
   */
  updated_at: string;
  /**
   * Id of a user
   */
  created_by: string;
  warnings: DefinitionWarning[];
}
/**
 * A playbook; its agents must exist, be enabled and be of its class, and together with their dependencies form no cycle
 */
export interface NewPlaybook {
  agent_execution_graph: PlaybookGraph;
  settings?: PlaybookSettings;
}
/**
 * A new domain; other members are ignored
 */
export interface NewDomain {
  /**
   * a lower-case letter, then at most 49 lower-case letters, digits or underscores
   */
  domain_id: string;
  domain_name: string;
  description?: string | null;
  ingestion_playbook: NewPlaybook;
  query_playbook: NewPlaybook;
  management_playbook: NewPlaybook;
}
/**
 * Any of the members of a new domain but its id, at least one; what is absent stays, null removes the description
 */
export interface DomainChanges {
  domain_name?: string;
  description?: string | null;
  ingestion_playbook?: NewPlaybook;
  query_playbook?: NewPlaybook;
  management_playbook?: NewPlaybook;
}
/**
 * One input of a run with what must be answered to it
 */
export interface GoldenRow {
  /**
   * A text for the ingestion playbook, a question for the query playbook
   */
  input:
    | {
        text: string;
        source?: string;
        /**
         * ISO 8601 with its zone: the time that words such as yesterday start from
         */
        reference_time?: string;
      }
    | {
        question: string;
        /**
         * ISO 8601 with its zone: the time that words such as yesterday start from
         */
        reference_time?: string;
        /**
         * @maxItems 50
         */
        session_references?: string[];
      };
  /**
   * Values by path of the merged answer, such as `geo_location.coordinates[1]` or `entities[].name`; null for what must not be answered
   */
  expected: {
    [k: string]: unknown;
  };
}
/**
 * A golden set in a list, without its rows
 */
export interface GoldenSetRow {
  domain_id: string;
  name: string;
  /**
   * From 1, one higher with every PUT
   */
  version: number;
  playbook: 'ingestion' | 'query';
  rows_total: number;
  thresholds: {
    /**
     * Least of each field: correct of what was answered
     */
    precision: number;
    /**
     * Least of each field: correct of what was expected
     */
    recall: number;
    /**
     * Most cost of the candidate, as a multiple of the present version
     */
    cost_ratio_max: number | null;
    /**
     * Likewise for the median duration of a run
     */
    latency_ratio_max: number | null;
  };
  tolerances: {
    /**
     * Kilometres that two points may lie apart and count as the same
     */
    distance_km: number;
  };
  /**
   * True when what changes the playbook may be published after a passed gate only
   */
  required: boolean;
  created_at: string;
  updated_at: string;
  updated_by: string;
}
/**
 * Inputs of a playbook with what must be answered; a PUT takes it as it stands
 */
export interface GoldenSet {
  domain_id: string;
  name: string;
  /**
   * From 1, one higher with every PUT
   */
  version: number;
  playbook: 'ingestion' | 'query';
  rows_total: number;
  thresholds: {
    /**
     * Least of each field: correct of what was answered
     */
    precision: number;
    /**
     * Least of each field: correct of what was expected
     */
    recall: number;
    /**
     * Most cost of the candidate, as a multiple of the present version
     */
    cost_ratio_max: number | null;
    /**
     * Likewise for the median duration of a run
     */
    latency_ratio_max: number | null;
  };
  tolerances: {
    /**
     * Kilometres that two points may lie apart and count as the same
     */
    distance_km: number;
  };
  /**
   * True when what changes the playbook may be published after a passed gate only
   */
  required: boolean;
  created_at: string;
  updated_at: string;
  updated_by: string;
  rows: GoldenRow[];
}
/**
 * A golden set that was just stored
 */
export interface StoredGoldenSet {
  domain_id: string;
  name: string;
  /**
   * From 1, one higher with every PUT
   */
  version: number;
  playbook: 'ingestion' | 'query';
  rows_total: number;
  thresholds: {
    /**
     * Least of each field: correct of what was answered
     */
    precision: number;
    /**
     * Least of each field: correct of what was expected
     */
    recall: number;
    /**
     * Most cost of the candidate, as a multiple of the present version
     */
    cost_ratio_max: number | null;
    /**
     * Likewise for the median duration of a run
     */
    latency_ratio_max: number | null;
  };
  tolerances: {
    /**
     * Kilometres that two points may lie apart and count as the same
     */
    distance_km: number;
  };
  /**
   * True when what changes the playbook may be published after a passed gate only
   */
  required: boolean;
  created_at: string;
  updated_at: string;
  updated_by: string;
  rows: GoldenRow[];
  warnings: DefinitionWarning[];
}
/**
 * A whole golden set, at most 512 KB: what is absent has its default, whatever the version before said; other members are ignored
 */
export interface NewGoldenSet {
  playbook: 'ingestion' | 'query';
  /**
   * Together they name at most 100 different paths
   *
   * @minItems 1
   * @maxItems 200
   */
  rows: GoldenRow[];
  thresholds: {
    /**
     * Least of each field: correct of what was answered
     */
    precision: number;
    /**
     * Least of each field: correct of what was expected
     */
    recall: number;
    /**
     * Most cost of the candidate, as a multiple of the present version
     */
    cost_ratio_max?: number | null;
    /**
     * Likewise for the median duration of a run
     */
    latency_ratio_max?: number | null;
  };
  /**
   * Absent means a distance of 1 km
   */
  tolerances?: {
    /**
     * Kilometres that two points may lie apart and count as the same
     */
    distance_km?: number;
  } | null;
  /**
   * Absent means false
   */
  required?: boolean;
}
/**
 * How one side did; null where nothing can be divided
 */
export interface GateScore {
  expected: number;
  answered: number;
  correct: number;
  /**
   * Correct of what was answered
   */
  precision: number | null;
  /**
   * Correct of what was expected
   */
  recall: number | null;
}
/**
 * What the calls of models of one side came to
 */
export interface GateCost {
  calls: number;
  tokens: {
    total: number;
    median: number | null;
    p90: number | null;
  };
  /**
   * Null unless every call has a price in the same currency
   */
  money: {
    currency: string;
    total: number;
    median: number | null;
    p90: number | null;
  } | null;
}
/**
 * A candidate measured by a golden set; what is measured is null or empty until it is completed
 */
export interface Gate {
  gate_id: string;
  domain_id: string;
  golden_set: string;
  golden_set_version: number;
  playbook: 'ingestion' | 'query';
  /**
   * What was given, without its definition: a `playbook`, an `agent`, an `agent_version` or a `domain_version`
   */
  candidate: {
    kind: string;
    /**
     * Fixed names for agents of the platform
     */
    agent_id?: string;
    version?: number;
  };
  status: 'running' | 'completed' | 'cancelled' | 'failed';
  progress: {
    rows_done: number;
    rows_total: number;
  };
  /**
   * Null until it is completed
   */
  passed: boolean | null;
  /**
   * Why it did not pass, a sentence each
   */
  reasons: string[];
  fields: {
    path: string;
    candidate: GateScore;
    present: GateScore | null;
  }[];
  overall: {
    candidate: GateScore;
    present: GateScore | null;
  } | null;
  cost: {
    candidate: GateCost;
    present: GateCost | null;
    /**
     * Candidate by present; null where nothing can be divided
     */
    ratio: number | null;
  } | null;
  latency: {
    candidate: {
      median_ms: number | null;
      p90_ms: number | null;
    };
    present: {
      median_ms: number | null;
      p90_ms: number | null;
    } | null;
    /**
     * Candidate by present; null where nothing can be divided
     */
    ratio: number | null;
  } | null;
  runs_failed: {
    candidate: number;
    present: number | null;
  } | null;
  /**
   * What the candidate did not answer as expected, the first 200
   */
  differences: {
    /**
     * From 0
     */
    row: number;
    path: string;
    /**
     * A value longer than 1,000 characters is shown as its beginning
     */
    expected: unknown;
    /**
     * Likewise; null for no answer
     */
    got: unknown;
    /**
     * Only where the run failed: why
     */
    error?: string;
    /**
     * Whether the present version has it `right` or `wrong`
     */
    present: string | null;
  }[];
  differences_total: number;
  /**
   * Why it failed
   */
  error: string | null;
  created_by: string;
  created_at: string;
  completed_at: string | null;
}
/**
 * Below `p10` and above `p90` in one case of ten each
 */
export interface EstimatedRange {
  p10: number;
  p50: number;
  p90: number;
}
/**
 * What is used; null stands for what nobody can say
 */
export interface EstimatedUse {
  calls: EstimatedRange | null;
  tokens: {
    input: EstimatedRange | null;
    output: EstimatedRange | null;
  };
  /**
   * By currency; empty where nothing costs
   */
  money:
    | {
        currency: string;
        p10: number;
        p50: number;
        p90: number;
      }[]
    | null;
  /**
   * False when something is called whose price is not known
   */
  money_complete: boolean;
  /**
   * Seconds. Of a run: without waits for people or a place. Of all runs: as many at a time as the tenant may have
   */
  duration_s: EstimatedRange | null;
}
/**
 * What figures of an agent rest on
 */
export interface EstimateBasis {
  kind: 'none' | 'history' | 'configuration' | 'builtin';
  /**
   * Tasks that were recorded
   */
  tasks: number;
  /**
   * Calls in them
   */
  calls: number;
  /**
   * Version of the agent that they are of
   */
  version: number | null;
  /**
   * Time of the oldest of them
   */
  from: string | null;
  /**
   * Time of the newest of them
   */
  to: string | null;
  models: string[];
  /**
   * What is assumed, or why nothing can be said
   */
  text: string | null;
}
/**
 * The part of one agent
 */
export interface AgentEstimate {
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
  agent_name: string;
  /**
   * Null when the agent is gone
   */
  agent_version: number | null;
  /**
   * Tasks that it has in a run
   */
  tasks: number;
  /**
   * Null when it cannot run as the platform is configured
   */
  runtime: 'builtin' | 'offline' | 'model' | 'worker' | null;
  per_run: EstimatedUse;
  whole: EstimatedUse;
  basis: {
    use: EstimateBasis;
    duration: EstimateBasis;
  };
}
/**
 * What runs of a playbook are likely to use, cost and take
 */
export interface Estimate {
  domain_id: string;
  /**
   * Of a playbook to try, the version that the domain would have
   */
  domain_version: number;
  /**
   * Runs
   */
  count: number;
  /**
   * Runs that the tenant may have at a time
   */
  concurrency: number;
  per_run: EstimatedUse;
  whole: EstimatedUse;
  /**
   * In the order of the plan
   */
  agents: AgentEstimate[];
  warnings: {
    /**
     * `budget_hard`, `budget_soft`, `budget_not_held`, `agent_unavailable`, `approval` or `not_known`
     */
    code: string;
    /**
     * Budget as a path of the settings of the tenant, or node of the playbook
     */
    subject: string | null;
    text: string;
  }[];
}
/**
 * What lets calls through to a part that processes depend on
 */
export interface CircuitBreaker {
  /**
   * What is called, such as `registry`, `database`, `model:<provider>`, `tool:<name>`
   */
  service: string;
  status: 'healthy' | 'warning' | 'degraded';
  /**
   * The worst of the processes'
   */
  state: 'closed' | 'half_open' | 'open';
  processes: {
    /**
     * Of this start of the process
     */
    process_id: string;
    service: string;
    /**
     * Name of the machine or pod
     */
    host: string;
    state: 'closed' | 'half_open' | 'open';
    since: string;
    /**
     * When calls are tried again; null unless it is open
     */
    open_until: string | null;
    /**
     * Failures in a row while closed, successes in a row while half open
     */
    in_a_row: number;
    /**
     * Whether it is in a state that it was put into by force
     */
    forced: boolean;
  }[];
}
/**
 * What agents may call; its credentials are never shown
 */
export interface Tool {
  tool_name: string;
  /**
   * An mcp_server is no tool itself but a source of tools, each named `<tool_name>.<name>`
   */
  tool_type: 'aws_service' | 'external_api' | 'custom' | 'data_api' | 'mcp_server';
  description: string | null;
  /**
   * URL, or ARN of a service of AWS; null for tools of the platform
   */
  endpoint: string | null;
  /**
   * How the platform proves itself to the tool
   */
  auth_method: 'iam' | 'api_key' | 'oauth' | 'custom' | 'none';
  /**
   * JSON Schema of the arguments of a call; an empty one allows all
   */
  parameters_schema: {
    [k: string]: unknown;
  };
  /**
   * What a call may do to records
   */
  effect: 'read' | 'create' | 'update';
  has_credentials: boolean;
  /**
   * True for tools of the platform, which nobody can change
   */
  is_builtin: boolean;
  id: string;
  tenant_id: string;
  created_at: string;
  updated_at: string;
  /**
   * Id of a user
   */
  created_by: string;
}
/**
 * A new tool; other members are ignored
 */
export interface NewTool {
  /**
   * Unlike the names of all tools of the tenant and of the platform
   */
  tool_name: string;
  /**
   * An mcp_server is no tool itself but a source of tools, each named `<tool_name>.<name>`
   */
  tool_type: 'aws_service' | 'external_api' | 'custom' | 'data_api' | 'mcp_server';
  /**
   * URL by https, or where the deployment allows its network also by http; or an ARN
   */
  endpoint: string;
  /**
   * How the platform proves itself to the tool
   */
  auth_method: 'iam' | 'api_key' | 'oauth' | 'custom' | 'none';
  description?: string | null;
  /**
   * JSON Schema of the arguments of a call, at most 16 KB
   */
  parameters_schema?: {} | null;
  /**
   * Absent means update
   */
  effect?: 'read' | 'create' | 'update' | null;
  credentials?: ToolCredentials | null;
}
/**
 * Any of the members of a new tool but its name, at least one; what is absent stays, null removes what is optional. Credentials are to be given anew where auth_method changes or the endpoint goes to another host
 */
export interface ToolChanges {
  /**
   * An mcp_server is no tool itself but a source of tools, each named `<tool_name>.<name>`
   */
  tool_type?: 'aws_service' | 'external_api' | 'custom' | 'data_api' | 'mcp_server';
  /**
   * URL by https, or where the deployment allows its network also by http; or an ARN
   */
  endpoint?: string;
  /**
   * How the platform proves itself to the tool
   */
  auth_method?: 'iam' | 'api_key' | 'oauth' | 'custom' | 'none';
  description?: string | null;
  /**
   * JSON Schema of the arguments of a call, at most 16 KB
   */
  parameters_schema?: {} | null;
  /**
   * Absent means update
   */
  effect?: 'read' | 'create' | 'update' | null;
  credentials?: ToolCredentials | null;
}
/**
 * Lets an agent call a tool
 */
export interface ToolPermission {
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
  /**
   * A tool, or `<tool_name>.<name>` for one of an MCP server
   */
  tool_name: string;
  granted_at: string;
  /**
   * Id of a user
   */
  granted_by: string;
  /**
   * True for what agents of the platform come with
   */
  is_builtin: boolean;
}
/**
 * A remote process that takes tasks
 */
export interface Worker {
  id: string;
  type: 'detector' | 'analyzer' | 'classifier' | 'tracker' | 'notifier' | 'coordinator' | 'custom';
  name: string;
  protocol: 'http' | 'connect' | 'grpc' | 'pull';
  /**
   * Null for one that is never called
   */
  endpoint: string | null;
  capabilities: string[];
  version: string | null;
  /**
   * Seconds between its signs of life
   */
  health_check_interval: number;
  max_concurrent_tasks: number;
  status: 'idle' | 'busy' | 'offline' | 'error';
  /**
   * False once it was removed
   */
  is_active: boolean;
  last_seen: string | null;
  /**
   * The task that it was given last and has not ended
   */
  current_task_id: string | null;
  /**
   * Tasks that it has now
   */
  running_tasks: number;
  performance_metrics: {
    /**
     * Attempts that it answered
     */
    tasks_succeeded: number;
    /**
     * Attempts that failed, lost ones among them
     */
    tasks_failed: number;
    /**
     * 1 before the first attempt
     */
    success_rate: number;
    /**
     * Milliseconds; 0 before the first answer
     */
    avg_response_time: number;
    /**
     * What it told with its last heartbeat that had `metrics`
     */
    reported: {
      [k: string]: unknown;
    };
  };
  metadata: {
    [k: string]: unknown;
  };
  created_at: string;
  updated_at: string;
}
/**
 * A worker, with its tasks where they were asked for
 */
export interface ReadWorker {
  id: string;
  type: 'detector' | 'analyzer' | 'classifier' | 'tracker' | 'notifier' | 'coordinator' | 'custom';
  name: string;
  protocol: 'http' | 'connect' | 'grpc' | 'pull';
  /**
   * Null for one that is never called
   */
  endpoint: string | null;
  capabilities: string[];
  version: string | null;
  /**
   * Seconds between its signs of life
   */
  health_check_interval: number;
  max_concurrent_tasks: number;
  status: 'idle' | 'busy' | 'offline' | 'error';
  /**
   * False once it was removed
   */
  is_active: boolean;
  last_seen: string | null;
  /**
   * The task that it was given last and has not ended
   */
  current_task_id: string | null;
  /**
   * Tasks that it has now
   */
  running_tasks: number;
  performance_metrics: {
    /**
     * Attempts that it answered
     */
    tasks_succeeded: number;
    /**
     * Attempts that failed, lost ones among them
     */
    tasks_failed: number;
    /**
     * 1 before the first attempt
     */
    success_rate: number;
    /**
     * Milliseconds; 0 before the first answer
     */
    avg_response_time: number;
    /**
     * What it told with its last heartbeat that had `metrics`
     */
    reported: {
      [k: string]: unknown;
    };
  };
  metadata: {
    [k: string]: unknown;
  };
  created_at: string;
  updated_at: string;
  /**
   * Those that it has or had last, at most 100
   */
  tasks?: WorkTask[];
  /**
   * How many it has had in all
   */
  task_count?: number;
  database_source: 'postgresql';
}
/**
 * Work that a worker is given
 */
export interface WorkTask {
  id: string;
  type: 'analysis' | 'detection' | 'classification' | 'tracking' | 'alert' | 'report' | 'custom';
  name: string;
  description: string;
  input_data: {
    [k: string]: unknown;
  };
  /**
   * What the worker answered; null until it has completed
   */
  result: {
    [k: string]: unknown;
  } | null;
  /**
   * Of the last fault
   */
  error_code: string | null;
  error_message: string | null;
  status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
  /**
   * More exactly than `status`: `waiting` for others of its workflow, `retrying` between two attempts, `skipped` because another failed
   */
  state: 'waiting' | 'pending' | 'running' | 'retrying' | 'completed' | 'failed' | 'cancelled' | 'skipped';
  /**
   * 1 LOW, 2 NORMAL, 3 HIGH, 4 CRITICAL, 5 EMERGENCY
   */
  priority: number;
  required_capabilities: string[];
  /**
   * Worker that has it or had it last
   */
  assigned_agent_id: string | null;
  workflow_id: string | null;
  /**
   * The first of `dependencies`
   */
  parent_task_id: string | null;
  /**
   * Tasks whose results it is given
   */
  dependencies: string[];
  /**
   * Its key within its workflow
   */
  key: string | null;
  /**
   * Keys of those tasks
   */
  depends_on: string[];
  tags: string[];
  /**
   * Its tags and its place in a workflow once more
   */
  metadata: {
    [k: string]: unknown;
  };
  created_at: string;
  /**
   * When its first attempt began
   */
  started_at: string | null;
  /**
   * When it ended, however it did
   */
  completed_at: string | null;
  /**
   * When its time is up
   */
  timeout_at: string | null;
  /**
   * Seconds for all attempts
   */
  timeout: number;
  retry_count: number;
  max_retries: number;
  /**
   * Number of the last attempt; 0 before the first
   */
  attempt: number;
  /**
   * Whether it is given to whichever worker fits
   */
  auto_dispatch: boolean;
  /**
   * Its execution, as in API v1; null before its workflow is executed
   */
  job_id: string | null;
}
/**
 * A task, with its worker and its workflow where they were asked for
 */
export interface ReadWorkTask {
  id: string;
  type: 'analysis' | 'detection' | 'classification' | 'tracking' | 'alert' | 'report' | 'custom';
  name: string;
  description: string;
  input_data: {
    [k: string]: unknown;
  };
  /**
   * What the worker answered; null until it has completed
   */
  result: {
    [k: string]: unknown;
  } | null;
  /**
   * Of the last fault
   */
  error_code: string | null;
  error_message: string | null;
  status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
  /**
   * More exactly than `status`: `waiting` for others of its workflow, `retrying` between two attempts, `skipped` because another failed
   */
  state: 'waiting' | 'pending' | 'running' | 'retrying' | 'completed' | 'failed' | 'cancelled' | 'skipped';
  /**
   * 1 LOW, 2 NORMAL, 3 HIGH, 4 CRITICAL, 5 EMERGENCY
   */
  priority: number;
  required_capabilities: string[];
  /**
   * Worker that has it or had it last
   */
  assigned_agent_id: string | null;
  workflow_id: string | null;
  /**
   * The first of `dependencies`
   */
  parent_task_id: string | null;
  /**
   * Tasks whose results it is given
   */
  dependencies: string[];
  /**
   * Its key within its workflow
   */
  key: string | null;
  /**
   * Keys of those tasks
   */
  depends_on: string[];
  tags: string[];
  /**
   * Its tags and its place in a workflow once more
   */
  metadata: {
    [k: string]: unknown;
  };
  created_at: string;
  /**
   * When its first attempt began
   */
  started_at: string | null;
  /**
   * When it ended, however it did
   */
  completed_at: string | null;
  /**
   * When its time is up
   */
  timeout_at: string | null;
  /**
   * Seconds for all attempts
   */
  timeout: number;
  retry_count: number;
  max_retries: number;
  /**
   * Number of the last attempt; 0 before the first
   */
  attempt: number;
  /**
   * Whether it is given to whichever worker fits
   */
  auto_dispatch: boolean;
  /**
   * Its execution, as in API v1; null before its workflow is executed
   */
  job_id: string | null;
  /**
   * Null where it has none
   */
  assigned_agent?: Worker | null;
  /**
   * Null where it has none
   */
  workflow?: WorkflowRow | null;
  database_source: 'postgresql';
}
/**
 * A workflow without its tasks
 */
export interface WorkflowRow {
  id: string;
  name: string;
  description: string;
  /**
   * For whom it is, as its creator said
   */
  user_id: string | null;
  /**
   * That of its newest execution
   */
  status: 'created' | 'scheduled' | 'running' | 'completed' | 'failed' | 'cancelled';
  /**
   * `environment`, `schedule` and `dependencies` once more
   */
  configuration: {
    [k: string]: unknown;
  };
  /**
   * What each of its tasks is told in its context
   */
  environment: {
    [k: string]: unknown;
  };
  metadata: {
    [k: string]: unknown;
  };
  /**
   * Five fields of cron, in UTC
   */
  schedule: string | null;
  /**
   * Workflows that must have completed before it is executed
   */
  dependencies: string[];
  /**
   * The highest of its tasks
   */
  priority: number;
  /**
   * Seconds: the timeouts along its longest path
   */
  estimated_duration: number;
  /**
   * Seconds that its newest ended execution took; null before the first
   */
  actual_duration: number | null;
  task_count: number;
  /**
   * Its newest execution; null before the first
   */
  job_id: string | null;
  created_at: string;
  updated_at: string;
  started_at: string | null;
  completed_at: string | null;
  /**
   * When its schedule fires next
   */
  next_fire_at: string | null;
  /**
   * Why the schedule's last firing started nothing
   */
  schedule_problem: string | null;
}
/**
 * An attempt that is given to a worker
 */
export interface ClaimedTask {
  task_id: string;
  /**
   * Its number, which the result names
   */
  attempt: number;
  /**
   * Until when it is the worker's; heartbeats extend it
   */
  lease_until: string;
  /**
   * When the attempt is given up
   */
  timeout_at: string | null;
  task_type: string;
  input_data: {
    [k: string]: unknown;
  };
  /**
   * Job, task and, under `<key>_output`, the results of tasks before it; for an agent of a playbook what it is, with its `output_schema`; `traceparent` and `tracestate` of the trace that its run belongs to
   */
  context: {
    [k: string]: unknown;
  };
}
/**
 * A graph of tasks
 */
export interface Workflow {
  id: string;
  name: string;
  description: string;
  /**
   * For whom it is, as its creator said
   */
  user_id: string | null;
  /**
   * That of its newest execution
   */
  status: 'created' | 'scheduled' | 'running' | 'completed' | 'failed' | 'cancelled';
  /**
   * `environment`, `schedule` and `dependencies` once more
   */
  configuration: {
    [k: string]: unknown;
  };
  /**
   * What each of its tasks is told in its context
   */
  environment: {
    [k: string]: unknown;
  };
  metadata: {
    [k: string]: unknown;
  };
  /**
   * Five fields of cron, in UTC
   */
  schedule: string | null;
  /**
   * Workflows that must have completed before it is executed
   */
  dependencies: string[];
  /**
   * The highest of its tasks
   */
  priority: number;
  /**
   * Seconds: the timeouts along its longest path
   */
  estimated_duration: number;
  /**
   * Seconds that its newest ended execution took; null before the first
   */
  actual_duration: number | null;
  task_count: number;
  /**
   * Its newest execution; null before the first
   */
  job_id: string | null;
  created_at: string;
  updated_at: string;
  started_at: string | null;
  completed_at: string | null;
  /**
   * When its schedule fires next
   */
  next_fire_at: string | null;
  /**
   * Why the schedule's last firing started nothing
   */
  schedule_problem: string | null;
  tasks: WorkTask[];
}
export interface IsAliveAnswer200 {
  status: 'alive';
}
export interface IsReadyAnswer200 {
  status: 'ready';
}
export interface GetHealthAnswer200 {
  status: 'healthy' | 'degraded' | 'unhealthy';
  timestamp: string;
  version: string;
  /**
   * By the name of a service
   */
  components: {
    [k: string]: {
      status: 'healthy' | 'unhealthy';
    };
  };
  /**
   * By what is called: the worst that is known of any process. Open is degraded, half open a warning
   */
  circuit_breakers: {
    [k: string]: {
      status: 'healthy' | 'warning' | 'degraded';
      state: 'closed' | 'half_open' | 'open';
    };
  };
}
export interface GetAuthenticatedHealthQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetAuthenticatedHealthHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface GetAuthenticatedHealthAnswer200 {
  status: 'healthy' | 'degraded' | 'unhealthy';
  timestamp: string;
  version: string;
  authenticated: true;
  /**
   * Null for people
   */
  api_key_name: string | null;
  /**
   * `*` for everything
   */
  permissions: string[];
}
export interface ListAgentsQuery {
  /**
   * Number of the page, from 1; not beside `cursor`
   */
  page?: number;
  /**
   * Rows of the page, 1 to 100; 20 unless given
   */
  limit?: number;
  /**
   * `next_cursor` of the page before, under the same filters
   */
  cursor?: string;
  /**
   * Only agents of this class
   */
  agent_class?: 'ingestion' | 'query' | 'management';
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListAgentsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListAgentsAnswer200 {
  agents: AgentRow[];
  pagination: Pagination;
}
export interface CreateAgentQuery {
  /**
   * True judges the definition and stores nothing
   */
  validate_only?: 'true' | 'false';
}
export interface CreateAgentHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface GetAgentPath {
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
}
export interface GetAgentQuery {
  /**
   * Version to read; absent for the newest
   */
  version?: number;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetAgentHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface UpdateAgentPath {
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
}
export interface UpdateAgentQuery {
  /**
   * True judges the definition and stores nothing
   */
  validate_only?: 'true' | 'false';
}
export interface UpdateAgentHeader {
  /**
   * The ETag of what you have read: changed only if it still is so
   */
  'If-Match'?: string;
}
export interface DeleteAgentPath {
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
}
export interface DeleteAgentHeader {
  /**
   * The ETag of what you have read: changed only if it still is so
   */
  'If-Match'?: string;
}
export interface DeleteAgentAnswer200 {
  message: string;
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
}
export interface DiffAgentPath {
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
}
export interface DiffAgentQuery {
  /**
   * Version before; absent for the one before `to`
   */
  from?: number;
  /**
   * Version after; absent for the newest
   */
  to?: number;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface DiffAgentHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface RollbackAgentPath {
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
}
export interface RollbackAgentHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface RollbackAgentBody {
  /**
   * The new version is equal to this one
   */
  version: number;
}
export interface ListDomainsQuery {
  /**
   * Number of the page, from 1; not beside `cursor`
   */
  page?: number;
  /**
   * Rows of the page, 1 to 100; 20 unless given
   */
  limit?: number;
  /**
   * `next_cursor` of the page before, under the same filters
   */
  cursor?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListDomainsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListDomainsAnswer200 {
  domains: DomainRow[];
  pagination: Pagination;
}
export interface CreateDomainQuery {
  /**
   * True judges the definition and stores nothing
   */
  validate_only?: 'true' | 'false';
}
export interface CreateDomainHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface GetDomainPath {
  domain_id: string;
}
export interface GetDomainQuery {
  /**
   * Version to read; absent for the newest
   */
  version?: number;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetDomainHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface UpdateDomainPath {
  domain_id: string;
}
export interface UpdateDomainQuery {
  /**
   * True judges the definition and stores nothing
   */
  validate_only?: 'true' | 'false';
}
export interface UpdateDomainHeader {
  /**
   * The ETag of what you have read: changed only if it still is so
   */
  'If-Match'?: string;
}
export interface DeleteDomainPath {
  domain_id: string;
}
export interface DeleteDomainHeader {
  /**
   * The ETag of what you have read: changed only if it still is so
   */
  'If-Match'?: string;
}
export interface DeleteDomainAnswer200 {
  message: string;
  domain_id: string;
}
export interface DiffDomainPath {
  domain_id: string;
}
export interface DiffDomainQuery {
  /**
   * Version before; absent for the one before `to`
   */
  from?: number;
  /**
   * Version after; absent for the newest
   */
  to?: number;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface DiffDomainHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface RollbackDomainPath {
  domain_id: string;
}
export interface RollbackDomainHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface RollbackDomainBody {
  /**
   * The new version is equal to this one
   */
  version: number;
}
export interface EstimatePlaybookPath {
  domain_id: string;
}
export interface EstimatePlaybookHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface EstimatePlaybookBody {
  /**
   * One of the playbooks of the domain, or one to try in its place
   */
  playbook:
    | ('ingestion' | 'query' | 'management')
    | {
        /**
         * Ingestion makes records of texts, query answers questions, management changes records
         */
        type: 'ingestion' | 'query' | 'management';
        agent_execution_graph: PlaybookGraph;
        settings?: PlaybookSettings;
      };
  /**
   * Texts or questions, a run for each; questions and commands of at most 1,000 characters
   *
   * @minItems 1
   * @maxItems 100
   */
  sample?: string[];
  /**
   * Runs; either this or a sample
   */
  count?: number;
}
export interface ListGoldenSetsPath {
  domain_id: string;
}
export interface ListGoldenSetsQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListGoldenSetsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListGoldenSetsAnswer200 {
  golden_sets: GoldenSetRow[];
}
export interface GetGoldenSetPath {
  domain_id: string;
  /**
   * A lower-case letter, then at most 49 lower-case letters, digits or underscores
   */
  name: string;
}
export interface GetGoldenSetQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetGoldenSetHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface PutGoldenSetPath {
  domain_id: string;
  /**
   * A lower-case letter, then at most 49 lower-case letters, digits or underscores
   */
  name: string;
}
export interface PutGoldenSetHeader {
  /**
   * The ETag of what you have read: changed only if it still is so
   */
  'If-Match'?: string;
}
export interface DeleteGoldenSetPath {
  domain_id: string;
  /**
   * A lower-case letter, then at most 49 lower-case letters, digits or underscores
   */
  name: string;
}
export interface DeleteGoldenSetHeader {
  /**
   * The ETag of what you have read: changed only if it still is so
   */
  'If-Match'?: string;
}
export interface DeleteGoldenSetAnswer200 {
  message: string;
  domain_id: string;
  name: string;
}
export interface StartGatePath {
  domain_id: string;
}
export interface StartGateHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface StartGateBody {
  /**
   * Name of a golden set of the domain
   */
  golden_set: string;
  /**
   * One of these forms; it is judged exactly as its save would be
   */
  candidate:
    | {
        playbook: NewPlaybook;
      }
    | {
        agent: {
          /**
           * Fixed names for agents of the platform
           */
          agent_id: string;
        } & AgentChanges;
      }
    | {
        /**
         * Fixed names for agents of the platform
         */
        agent_id: string;
        version: number;
      }
    | {
        version: number;
      };
}
export interface StartGateAnswer202 {
  gate_id: string;
  status: 'running' | 'completed' | 'cancelled' | 'failed';
}
export interface GetGatePath {
  domain_id: string;
  gate_id: string;
}
export interface GetGateQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetGateHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface CancelGatePath {
  domain_id: string;
  gate_id: string;
}
export interface CreateToolHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface ListToolsQuery {
  /**
   * Only tools of this type
   */
  type?: 'aws_service' | 'external_api' | 'custom' | 'data_api' | 'mcp_server';
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListToolsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListToolsAnswer200 {
  tools: Tool[];
  count: number;
}
export interface GetToolPath {
  tool_name: string;
}
export interface GetToolQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetToolHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface UpdateToolPath {
  tool_name: string;
}
export interface DeleteToolPath {
  tool_name: string;
}
export interface DeleteToolAnswer200 {
  message: string;
  tool_name: string;
}
export interface ListToolAccessQuery {
  /**
   * Only permissions of this agent
   */
  agent_id?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListToolAccessHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListToolAccessAnswer200 {
  permissions: ToolPermission[];
  count: number;
}
export interface GrantToolAccessHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface GrantToolAccessBody {
  /**
   * Id of the agent
   */
  agent_id: string;
  /**
   * A tool, or `<tool_name>.<name>` for one of an MCP server
   */
  tool_name: string;
}
export interface RevokeToolAccessHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface RevokeToolAccessBody {
  /**
   * Id of the agent
   */
  agent_id: string;
  /**
   * A tool, or `<tool_name>.<name>` for one of an MCP server
   */
  tool_name: string;
}
export interface RevokeToolAccessAnswer200 {
  message: string;
}
export interface DeleteToolAccessPath {
  /**
   * Fixed names for agents of the platform
   */
  agent_id: string;
  tool_name: string;
}
export interface DeleteToolAccessAnswer200 {
  message: string;
}
export interface VerifyToolAccessHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface VerifyToolAccessBody {
  /**
   * Id of the agent
   */
  agent_id: string;
  /**
   * A tool, or `<tool_name>.<name>` for one of an MCP server
   */
  tool_name: string;
  /**
   * Refused when true: only the agents service is given them
   */
  include_credentials?: boolean;
}
export interface VerifyToolAccessAnswer200 {
  allowed: true;
  tool: Tool;
}
export interface CreateReportHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface CreateReportBody {
  /**
   * a lower-case letter, then at most 49 lower-case letters, digits or underscores
   */
  domain_id: string;
  /**
   * What happened, in the words of the reporter
   */
  text: string;
  /**
   * Where it came from
   */
  source?: string;
  /**
   * Data URLs, `image_url`s of POST /reports/images, or https links, which are never fetched
   *
   * @maxItems 5
   */
  images?: string[];
}
export interface ListReportsQuery {
  /**
   * Number of the page, from 1; not beside `cursor`
   */
  page?: number;
  /**
   * Rows of the page, 1 to 100; 20 unless given
   */
  limit?: number;
  /**
   * `next_cursor` of the page before, under the same filters
   */
  cursor?: string;
  /**
   * Of this domain alone
   */
  domain_id?: string;
  /**
   * With this status alone
   */
  status?: string;
  /**
   * Submitted at this time or later: a time with its zone, or a day
   */
  from?: string;
  /**
   * Submitted before this time or day
   */
  to?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListReportsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListReportsAnswer200 {
  reports: ReportRow[];
  pagination: Pagination;
}
export interface GetReportPath {
  /**
   * As POST /reports answered it
   */
  incident_id: string;
}
export interface GetReportQuery {
  /**
   * Shows the report as it was at this time, such as 2026-03-01T10:00:00Z
   */
  as_of?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetReportHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface UpdateReportPath {
  /**
   * As POST /reports answered it
   */
  incident_id: string;
}
export interface UpdateReportHeader {
  /**
   * The ETag of what you have read: changed only if it still is so
   */
  'If-Match'?: string;
}
export interface UpdateReportBody {
  /**
   * A case status in your own words, any but `processing`
   */
  status?: string;
  /**
   * Is merged into what is recorded: objects member by member, any other value takes the place of the old one
   */
  management_data?: {
    [k: string]: unknown;
  };
}
export interface DeleteReportPath {
  /**
   * As POST /reports answered it
   */
  incident_id: string;
}
export interface DeleteReportHeader {
  /**
   * The ETag of what you have read: changed only if it still is so
   */
  'If-Match'?: string;
}
export interface DeleteReportAnswer200 {
  message: string;
  incident_id: string;
}
export interface CreateImageUploadHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface CreateImageUploadBody {
  content_type: 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp';
  /**
   * The exact size, at most 5242880
   */
  size_bytes: number;
}
export interface ExportReportsQuery {
  /**
   * Whole documents as lines of JSON, a table, or features for maps
   */
  format?: 'ndjson' | 'csv' | 'geojson';
  /**
   * Of this domain alone
   */
  domain_id?: string;
  /**
   * With this status alone
   */
  status?: string;
  /**
   * Submitted at this time or later: a time with its zone, or a day
   */
  from?: string;
  /**
   * Submitted before this time or day
   */
  to?: string;
}
export interface ListPatchesQuery {
  /**
   * Number of the page, from 1; not beside `cursor`
   */
  page?: number;
  /**
   * Rows of the page, 1 to 100; 20 unless given
   */
  limit?: number;
  /**
   * `next_cursor` of the page before, under the same filters
   */
  cursor?: string;
  /**
   * That stand here alone
   */
  status?: 'proposed' | 'applied' | 'rejected' | 'reverted' | 'conflicted';
  /**
   * Of this domain alone
   */
  domain_id?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListPatchesHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListPatchesAnswer200 {
  patches: Patch[];
  pagination: Pagination;
}
export interface ListReportPatchesPath {
  /**
   * As POST /reports answered it
   */
  incident_id: string;
}
export interface ListReportPatchesQuery {
  /**
   * Number of the page, from 1; not beside `cursor`
   */
  page?: number;
  /**
   * Rows of the page, 1 to 100; 20 unless given
   */
  limit?: number;
  /**
   * `next_cursor` of the page before, under the same filters
   */
  cursor?: string;
  /**
   * That stand here alone
   */
  status?: 'proposed' | 'applied' | 'rejected' | 'reverted' | 'conflicted';
  /**
   * Of this domain alone
   */
  domain_id?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListReportPatchesHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListReportPatchesAnswer200 {
  patches: Patch[];
  pagination: Pagination;
}
export interface GetPatchPath {
  /**
   * `patch_id` of the patch
   */
  patch_id: string;
}
export interface GetPatchQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetPatchHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ApplyPatchPath {
  /**
   * `patch_id` of the patch
   */
  patch_id: string;
}
export interface ApplyPatchHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface RejectPatchPath {
  /**
   * `patch_id` of the patch
   */
  patch_id: string;
}
export interface RejectPatchHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface RevertPatchPath {
  /**
   * `patch_id` of the patch
   */
  patch_id: string;
}
export interface RevertPatchHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface RevertPatchBody {
  /**
   * Why, for those who come later
   */
  reason?: string;
}
export interface GetReportPlacesQuery {
  /**
   * a lower-case letter, then at most 49 lower-case letters, digits or underscores
   */
  domain_id: string;
  /**
   * `west,south,east,north` in degrees; west greater than east crosses the antimeridian
   */
  bounds?: string;
  /**
   * `longitude,latitude` in degrees: the middle of a circle
   */
  near?: string;
  /**
   * Radius of the circle in kilometres; 10 unless given
   */
  radius_km?: string;
  /**
   * `longitude,latitude;longitude,latitude;…`: 3 to 100 corners, closed by itself
   */
  polygon?: string;
  /**
   * Most features of the answer, 1 to 10000, which is the default
   */
  limit?: number;
  /**
   * `next_cursor` of the answer before, under the same filters
   */
  cursor?: string;
  /**
   * Counts by tile of this zoom level, 0 to 20; not beside `limit` and `cursor`
   */
  cluster_zoom?: number;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetReportPlacesHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface CountReportsQuery {
  /**
   * a lower-case letter, then at most 49 lower-case letters, digits or underscores
   */
  domain_id: string;
  /**
   * status, source, created_by, or a path under ingestion_data. or management_data.
   */
  group_by?: string;
  /**
   * Counts by spans of this length
   */
  bucket?: 'hour' | 'day' | 'week' | 'month';
  /**
   * IANA name of the time zone whose calendar the spans follow; UTC unless given; beside `bucket` alone
   */
  time_zone?: string;
  /**
   * When it was submitted, which is the default, or `ingestion_data.timestamp`; beside `bucket` alone
   */
  time?: 'created' | 'event';
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface CountReportsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface CreateQueryHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface CreateQueryBody {
  /**
   * The session that it belongs to, your own; POST /sessions begins one
   */
  session_id: string;
  /**
   * a lower-case letter, then at most 49 lower-case letters, digits or underscores
   */
  domain_id: string;
  /**
   * A question, or with the mode `management` a command
   */
  question: string;
  /**
   * `management` changes reports and needs the role editor
   */
  mode?: 'query' | 'management';
}
export interface ListQueriesQuery {
  /**
   * Number of the page, from 1; not beside `cursor`
   */
  page?: number;
  /**
   * Rows of the page, 1 to 100; 20 unless given
   */
  limit?: number;
  /**
   * `next_cursor` of the page before, under the same filters
   */
  cursor?: string;
  /**
   * Of this session alone
   */
  session_id?: string;
  /**
   * Of this domain alone
   */
  domain_id?: string;
  /**
   * That stand here alone
   */
  status?: 'processing' | 'completed' | 'failed';
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListQueriesHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListQueriesAnswer200 {
  queries: QueryRow[];
  pagination: Pagination;
}
export interface GetQueryPath {
  /**
   * As POST /queries answered it
   */
  query_id: string;
}
export interface GetQueryQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetQueryHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface DeleteQueryPath {
  /**
   * As POST /queries answered it
   */
  query_id: string;
}
export interface DeleteQueryAnswer200 {
  message: string;
  query_id: string;
}
export interface CreateSessionHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface CreateSessionBody {
  /**
   * a lower-case letter, then at most 49 lower-case letters, digits or underscores
   */
  domain_id: string;
  title?: string;
}
export interface ListSessionsQuery {
  /**
   * Number of the page, from 1; not beside `cursor`
   */
  page?: number;
  /**
   * Rows of the page, 1 to 100; 20 unless given
   */
  limit?: number;
  /**
   * `next_cursor` of the page before, under the same filters
   */
  cursor?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListSessionsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListSessionsAnswer200 {
  sessions: SessionRow[];
  pagination: Pagination;
}
export interface GetSessionPath {
  /**
   * As POST /sessions answered it
   */
  session_id: string;
}
export interface GetSessionQuery {
  messages_cursor?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetSessionHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface RenameSessionPath {
  /**
   * As POST /sessions answered it
   */
  session_id: string;
}
export interface RenameSessionBody {
  title: string;
}
export interface DeleteSessionPath {
  /**
   * As POST /sessions answered it
   */
  session_id: string;
}
export interface DeleteSessionAnswer200 {
  message: string;
  session_id: string;
}
export interface ListExecutionsQuery {
  /**
   * Number of the page, from 1; not beside `cursor`
   */
  page?: number;
  /**
   * Rows of the page, 1 to 100; 20 unless given
   */
  limit?: number;
  /**
   * `next_cursor` of the page before, under the same filters
   */
  cursor?: string;
  kind?: 'ingest' | 'query' | 'management' | 'workflow' | 'task' | 'shadow_ingest' | 'shadow_query';
  status?:
    'pending' | 'running' | 'paused' | 'cancelling' | 'finishing' | 'completed' | 'failed' | 'cancelled';
  domain_id?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListExecutionsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListExecutionsAnswer200 {
  executions: ExecutionRow[];
  pagination: Pagination;
}
export interface GetExecutionPath {
  /**
   * `job_id` of the run
   */
  job_id: string;
}
export interface GetExecutionQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetExecutionHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface CancelExecutionPath {
  /**
   * `job_id` of the run
   */
  job_id: string;
}
export interface CancelExecutionHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface CancelExecutionAnswer202 {
  job_id: string;
  status:
    'pending' | 'running' | 'paused' | 'cancelling' | 'finishing' | 'completed' | 'failed' | 'cancelled';
}
export interface PauseExecutionPath {
  /**
   * `job_id` of the run
   */
  job_id: string;
}
export interface PauseExecutionHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface PauseExecutionAnswer200 {
  job_id: string;
  status:
    'pending' | 'running' | 'paused' | 'cancelling' | 'finishing' | 'completed' | 'failed' | 'cancelled';
}
export interface ResumeExecutionPath {
  /**
   * `job_id` of the run
   */
  job_id: string;
}
export interface ResumeExecutionHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface ResumeExecutionAnswer200 {
  job_id: string;
  status:
    'pending' | 'running' | 'paused' | 'cancelling' | 'finishing' | 'completed' | 'failed' | 'cancelled';
}
export interface RerunExecutionPath {
  /**
   * `job_id` of the run
   */
  job_id: string;
}
export interface RerunExecutionHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface RerunExecutionBody {
  /**
   * failed: what failed, was skipped or cancelled; from: one task and what rests on it; all: everything
   */
  mode: 'failed' | 'from' | 'all';
  /**
   * Task or node that `from` begins with
   */
  task_id?: string;
  /**
   * The agents of the old run, or those of now
   */
  versions?: 'pinned' | 'latest';
  /**
   * True tells what would be run, and runs nothing
   */
  preview?: boolean;
}
export interface RerunExecutionAnswer200 {
  reused: string[];
  to_run: string[];
}
export interface RerunExecutionAnswer202 {
  job_id: string;
  rerun_of: string;
  reused: string[];
  to_run: string[];
}
export interface ListApprovalsQuery {
  /**
   * Number of the page, from 1; not beside `cursor`
   */
  page?: number;
  /**
   * Rows of the page, 1 to 100; 20 unless given
   */
  limit?: number;
  /**
   * `next_cursor` of the page before, under the same filters
   */
  cursor?: string;
  status?: 'waiting' | 'approved' | 'rejected' | 'expired' | 'cancelled';
  job_id?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListApprovalsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListApprovalsAnswer200 {
  approvals: ApprovalRow[];
  pagination: Pagination;
}
export interface GetApprovalPath {
  /**
   * `job_id` of the run
   */
  job_id: string;
  /**
   * `task_id` of the approval in the plan, or its `node_id`
   */
  task_id: string;
}
export interface GetApprovalQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetApprovalHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ApproveTaskPath {
  /**
   * `job_id` of the run
   */
  job_id: string;
  /**
   * `task_id` of the approval in the plan, or its `node_id`
   */
  task_id: string;
}
export interface ApproveTaskHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface ApproveTaskBody {
  comment?: string;
}
export interface RejectTaskPath {
  /**
   * `job_id` of the run
   */
  job_id: string;
  /**
   * `task_id` of the approval in the plan, or its `node_id`
   */
  task_id: string;
}
export interface RejectTaskHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface RejectTaskBody {
  comment?: string;
}
export interface GetMeQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetMeHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface GetMeAnswer200 {
  id: string;
  username: string;
  /**
   * Null where the credential names none
   */
  email: string | null;
  tenant_id: string;
  tenant_name: string;
  /**
   * The role in which this request was made
   */
  role: 'viewer' | 'editor' | 'admin';
}
export interface GetTenantSettingsQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetTenantSettingsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface PutTenantSettingsBody {
  home_area?: {
    name: string;
    point: {
      type: 'Point';
      /**
       * @minItems 2
       * @maxItems 2
       */
      coordinates: number[];
    };
  } | null;
  /**
   * @maxItems 2000
   */
  places?: {
    name: string;
    /**
     * @maxItems 20
     */
    aliases?: string[];
    point: {
      type: 'Point';
      /**
       * @minItems 2
       * @maxItems 2
       */
      coordinates: number[];
    };
  }[];
  /**
   * IANA time zone; UTC unless given
   */
  time_zone?: string;
  budgets?: {
    tenant?: {
      soft?: number | null;
      hard?: number | null;
      currency: string;
    } | null;
    domain?: {
      soft?: number | null;
      hard?: number | null;
      currency: string;
    } | null;
    run?: {
      soft?: number | null;
      hard?: number | null;
      currency: string;
    } | null;
  } | null;
}
export interface GetUsageQuery {
  /**
   * A time with its zone, such as 2026-03-01T10:00:00Z, or a day, such as 2026-03-01
   */
  from?: string;
  /**
   * A time with its zone, such as 2026-03-01T10:00:00Z, or a day, such as 2026-03-01
   */
  to?: string;
  /**
   * What the calls are summed up by; `agent` unless given
   */
  group_by?: 'agent' | 'domain' | 'model' | 'day';
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetUsageHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListUsersQuery {
  /**
   * Number of the page, from 1; not beside `cursor`
   */
  page?: number;
  /**
   * Rows of the page, 1 to 100; 20 unless given
   */
  limit?: number;
  /**
   * `next_cursor` of the page before, under the same filters
   */
  cursor?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListUsersHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListUsersAnswer200 {
  users: User[];
  pagination: Pagination;
}
export interface ListTeamsQuery {
  /**
   * Number of the page, from 1; not beside `cursor`
   */
  page?: number;
  /**
   * Rows of the page, 1 to 100; 20 unless given
   */
  limit?: number;
  /**
   * `next_cursor` of the page before, under the same filters
   */
  cursor?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListTeamsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListTeamsAnswer200 {
  teams: Team[];
  pagination: Pagination;
}
export interface CreateTeamHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface CreateTeamBody {
  team_name: string;
  /**
   * Ids of users of the tenant, as GET /users lists them
   *
   * @maxItems 1000
   */
  members?: string[];
}
export interface GetTeamPath {
  /**
   * Id of the team
   */
  id: string;
}
export interface GetTeamQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetTeamHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface UpdateTeamPath {
  /**
   * Id of the team
   */
  id: string;
}
export interface UpdateTeamBody {
  team_name?: string;
  /**
   * Ids of users of the tenant, as GET /users lists them
   *
   * @maxItems 1000
   */
  members?: string[];
}
export interface DeleteTeamPath {
  /**
   * Id of the team
   */
  id: string;
}
export interface DeleteTeamAnswer200 {
  message: string;
  id: string;
}
export interface CreateApiKeyHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface CreateApiKeyBody {
  name: string;
  /**
   * master: everything, 1,000 requests a minute, no end; service: 500, 90 days; user: 100, 30 days
   */
  kind: 'master' | 'service' | 'user';
  /**
   * Required but for a key of kind master. A key never does more than its creator may
   *
   * @minItems 1
   * @maxItems 200
   *
   * Items: `*` for everything, `<resource>:*`, or `<resource>:<action>` with a resource of agents, domains, reports, queries, sessions, data, tools, tool-access, executions, approvals, patches, users, teams, keys, audit, settings, usage, circuit-breakers, health and an action of read, create, update, delete; on API v2 agent:register, agent:read, agent:admin, task:create, task:read, task:assign, workflow:create, workflow:read, workflow:execute, system:health, system:read
   */
  permissions?: string[];
  /**
   * Paths below the API base, such as /reports; absent or empty for every path
   *
   * @maxItems 100
   */
  allowed_endpoints?: string[];
  /**
   * Requests a minute
   */
  rate_limit?: number;
  /**
   * When it ends; absent for that of its kind
   */
  expires_at?: string;
}
export interface ListApiKeysQuery {
  /**
   * Keys to pass over; 0 unless given
   */
  skip?: number;
  /**
   * Keys of the answer, 1 to 100; 10 unless given
   */
  limit?: number;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListApiKeysHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface RevokeApiKeyPath {
  /**
   * As `key_id` names it
   */
  key_id: string;
}
export interface RevokeApiKeyAnswer200 {
  message: string;
  key_id: string;
  revoked_at: string;
}
export interface ListAuditEntriesQuery {
  /**
   * Number of the page, from 1; not beside `cursor`
   */
  page?: number;
  /**
   * Rows of the page, 1 to 100; 20 unless given
   */
  limit?: number;
  /**
   * `next_cursor` of the page before, under the same filters
   */
  cursor?: string;
  /**
   * One of create, update, delete, rollback, grant, revoke, execution_start, execution_rerun, execution_cancel, execution_pause, execution_resume, approval_approve, approval_reject, gate_start, gate_cancel, agent_registration, agent_update, agent_removal, bulk_agent_operation, task_creation, task_assignment, task_execution, task_cancellation, workflow_creation, workflow_execution, workflow_cancellation
   */
  operation_type?: string;
  /**
   * One of agent, domain, tool, tool_access, team, user, api_key, tenant, tenant_settings, golden_set, circuit_breaker, execution, approval, report, query, session, gate, worker, task, workflow
   */
  entity_type?: string;
  entity_id?: string;
  /**
   * One of success, failure, partial
   */
  status?: string;
  /**
   * UUID of a user
   */
  user_id?: string;
  /**
   * A time with its zone, such as 2026-03-01T10:00:00Z, or a day, such as 2026-03-01
   */
  from?: string;
  /**
   * A time with its zone, such as 2026-03-01T10:00:00Z, or a day, such as 2026-03-01
   */
  to?: string;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListAuditEntriesHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListAuditEntriesAnswer200 {
  entries: AuditEntry[];
  pagination: Pagination;
}
export interface ListCircuitBreakersQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListCircuitBreakersHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListCircuitBreakersAnswer200 {
  /**
   * The worst of all
   */
  status: 'healthy' | 'warning' | 'degraded';
  timestamp: string;
  complete: boolean;
  /**
   * What is missing; null when nothing is
   */
  detail: string | null;
  circuit_breakers: CircuitBreaker[];
}
export interface GetCircuitBreakerPath {
  /**
   * What is called, as in the list
   */
  service: string;
}
export interface GetCircuitBreakerQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetCircuitBreakerHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ForceCircuitBreakerPath {
  /**
   * What is called, as in the list
   */
  service: string;
}
export interface ForceCircuitBreakerQuery {
  state: 'open' | 'closed' | 'half-open' | 'half_open';
}
export interface ForceCircuitBreakerHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface ForceCircuitBreakerAnswer200 {
  message: string;
  id: string;
  service: string;
  state: 'closed' | 'half_open' | 'open';
}
export interface WatchExecutionPath {
  /**
   * `job_id` of the run
   */
  job_id: string;
}
export interface WatchExecutionQuery {
  /**
   * The same as the header `Last-Event-ID`, which comes first, for those who cannot set headers
   */
  last_event_id?: string;
}
export interface WatchExecutionHeader {
  /**
   * Id of the last event that you have: goes on after it
   */
  'Last-Event-ID'?: string;
}
export interface WatchSessionPath {
  /**
   * As POST /sessions answered it
   */
  session_id: string;
}
export interface WatchSessionQuery {
  /**
   * The same as the header `Last-Event-ID`, which comes first, for those who cannot set headers
   */
  last_event_id?: string;
}
export interface WatchSessionHeader {
  /**
   * Id of the last event that you have: goes on after it
   */
  'Last-Event-ID'?: string;
}
export interface WatchOwnExecutionsQuery {
  /**
   * The same as the header `Last-Event-ID`, which comes first, for those who cannot set headers
   */
  last_event_id?: string;
}
export interface WatchOwnExecutionsHeader {
  /**
   * Id of the last event that you have: goes on after it
   */
  'Last-Event-ID'?: string;
}
export interface CreateReportsQuery {
  /**
   * Stores finished reports as they are, without running a playbook
   */
  import?: 'true' | 'false';
}
export interface CreateReportsHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface ListWorkersQuery {
  type?:
    | 'detector'
    | 'analyzer'
    | 'classifier'
    | 'tracker'
    | 'notifier'
    | 'coordinator'
    | 'custom'
    | 'analysis_agent'
    | 'notification_agent'
    | 'prompt_agent'
    | 'rag_agent'
    | 'rule_agent';
  status?: 'active' | 'inactive' | 'all';
  /**
   * A capability that they must have
   */
  capability?: string;
  /**
   * Rows, 1 to 1000; 100 unless given
   */
  limit?: number;
  /**
   * Rows to pass over; 0 unless given
   */
  offset?: number;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListWorkersHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListWorkersAnswer200 {
  agents: Worker[];
  total_count: number;
  limit: number;
  offset: number;
  /**
   * Where it was read
   */
  database_source: 'postgresql';
  filtered_by: {
    type: string | null;
    status: 'active' | 'inactive' | 'all';
    capability: string | null;
  };
}
export interface GetWorkerPath {
  /**
   * UUID of the worker
   */
  agent_id: string;
}
export interface GetWorkerQuery {
  /**
   * Whether its tasks are told: the last 100
   */
  include_tasks?: 'true' | 'false';
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetWorkerHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface UpdateWorkerPath {
  /**
   * UUID of the worker
   */
  agent_id: string;
}
export interface UpdateWorkerBody {
  /**
   * analysis_agent is analyzer, notification_agent notifier; prompt_agent, rag_agent and rule_agent are custom
   */
  type?:
    | 'detector'
    | 'analyzer'
    | 'classifier'
    | 'tracker'
    | 'notifier'
    | 'coordinator'
    | 'custom'
    | 'analysis_agent'
    | 'notification_agent'
    | 'prompt_agent'
    | 'rag_agent'
    | 'rule_agent';
  /**
   * Letters, digits, space and _-.,()
   */
  name?: string;
  /**
   * `http` is called at `POST {endpoint}/process`, `connect` and `grpc` by the contract of agents, `pull` claims its tasks
   */
  protocol?: 'http' | 'connect' | 'grpc' | 'pull';
  /**
   * http(s) URL; needed but for `pull`
   */
  endpoint?: string;
  /**
   * @maxItems 50
   */
  capabilities?: string[];
  /**
   * Semantic version
   */
  version?: string;
  /**
   * At most 5,000 characters as JSON, without U+0000
   */
  metadata?: {
    [k: string]: unknown;
  };
  health_check_interval?: number;
  max_concurrent_tasks?: number;
}
export interface RemoveWorkerPath {
  /**
   * UUID of the worker
   */
  agent_id: string;
}
export interface RemoveWorkerAnswer200 {
  agent_id: string;
  message: string;
  returned_tasks: number;
}
export interface RegisterWorkerHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface RegisterWorkerBody {
  /**
   * analysis_agent is analyzer, notification_agent notifier; prompt_agent, rag_agent and rule_agent are custom
   */
  type:
    | 'detector'
    | 'analyzer'
    | 'classifier'
    | 'tracker'
    | 'notifier'
    | 'coordinator'
    | 'custom'
    | 'analysis_agent'
    | 'notification_agent'
    | 'prompt_agent'
    | 'rag_agent'
    | 'rule_agent';
  /**
   * Letters, digits, space and _-.,()
   */
  name: string;
  /**
   * `http` is called at `POST {endpoint}/process`, `connect` and `grpc` by the contract of agents, `pull` claims its tasks
   */
  protocol?: 'http' | 'connect' | 'grpc' | 'pull';
  /**
   * http(s) URL; needed but for `pull`
   */
  endpoint?: string;
  /**
   * @maxItems 50
   */
  capabilities?: string[];
  /**
   * Semantic version
   */
  version?: string;
  /**
   * At most 5,000 characters as JSON, without U+0000
   */
  metadata?: {
    [k: string]: unknown;
  };
  health_check_interval?: number;
  max_concurrent_tasks?: number;
}
export interface RegisterWorkerAnswer200 {
  agent_id: string;
  status: 'registered';
  message: string;
  created_at: string;
  database_stored: boolean;
}
export interface RegisterWorkerAnswer201 {
  agent_id: string;
  status: 'registered';
  message: string;
  created_at: string;
  database_stored: boolean;
}
export interface HeartbeatWorkerPath {
  /**
   * UUID of the worker
   */
  agent_id: string;
}
export interface HeartbeatWorkerHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface HeartbeatWorkerBody {
  /**
   * `offline` says goodbye
   */
  status?: 'idle' | 'busy' | 'offline';
  /**
   * Figures of its own, without U+0000; kept until others are told
   */
  metrics?: {
    [k: string]: unknown;
  };
  /**
   * Tasks whose leases are extended; absent for all that it has
   *
   * @maxItems 100
   */
  running_task_ids?: string[];
}
export interface HeartbeatWorkerAnswer200 {
  agent_id: string;
  status: ('idle' | 'busy' | 'offline' | 'error') | null;
  last_seen: string;
  /**
   * Seconds until the next one is due
   */
  next_heartbeat_s: number;
  /**
   * Of those named, those that are not its own any more
   */
  lost_task_ids: string[];
}
export interface BulkUpdateWorkersPath {
  /**
   * What is done
   */
  operation: 'activate' | 'deactivate' | 'reset_status';
}
export interface BulkUpdateWorkersHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface BulkUpdateWorkersAnswer200 {
  operation: 'activate' | 'deactivate' | 'reset_status';
  total_agents: number;
  updated_count: number;
  error_count: number;
  errors: {
    agent_id: string;
    message: string;
  }[];
  /**
   * `partial` where there are errors
   */
  status: 'completed' | 'partial';
  database_transaction: 'committed';
  timestamp: string;
}
export interface ListTasksQuery {
  status?: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
  /**
   * a UUID
   */
  workflow_id?: string;
  /**
   * a UUID
   */
  agent_id?: string;
  sort_by?: 'created_at' | 'priority' | 'status' | 'name' | 'type';
  sort_order?: 'asc' | 'desc';
  /**
   * Rows, 1 to 1000; 100 unless given
   */
  limit?: number;
  /**
   * Rows to pass over; 0 unless given
   */
  offset?: number;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListTasksHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListTasksAnswer200 {
  tasks: WorkTask[];
  total_count: number;
  limit: number;
  offset: number;
  sort_by: 'created_at' | 'priority' | 'status' | 'name' | 'type';
  sort_order: 'asc' | 'desc';
  database_source: 'postgresql';
  filtered_by: {
    status: string | null;
    workflow_id: string | null;
    agent_id: string | null;
  };
}
export interface CreateTaskQuery {
  /**
   * As in the body
   */
  auto_dispatch?: 'true' | 'false';
}
export interface CreateTaskHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface CreateTaskBody {
  type: 'analysis' | 'detection' | 'classification' | 'tracking' | 'alert' | 'report' | 'custom';
  name: string;
  description: string;
  /**
   * At most 10,000 characters as JSON and 10 levels, without U+0000
   */
  input_data?: {
    [k: string]: unknown;
  };
  /**
   * 1 LOW, 2 NORMAL, 3 HIGH, 4 CRITICAL, 5 EMERGENCY
   */
  priority?: number;
  /**
   * @maxItems 50
   */
  required_capabilities?: string[];
  /**
   * Seconds for all attempts; absent for 300 an attempt and 600 in all
   */
  timeout?: number;
  max_retries?: number;
  /**
   * @maxItems 20
   */
  tags?: string[];
  /**
   * Workflow that it is told with; it is no part of its graph
   */
  workflow_id?: string;
  /**
   * Given to a worker without being asked again; also as a query parameter
   */
  auto_dispatch?: boolean;
}
export interface CreateTaskAnswer201 {
  task_id: string;
  status: 'created';
  message: string;
  created_at: string;
  priority: number;
  job_id: string | null;
  database_stored: boolean;
}
export interface GetTaskPath {
  /**
   * UUID of the task
   */
  task_id: string;
}
export interface GetTaskQuery {
  /**
   * Whether its worker is told
   */
  include_agent?: 'true' | 'false';
  /**
   * Whether its workflow is told
   */
  include_workflow?: 'true' | 'false';
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetTaskHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface CancelTaskPath {
  /**
   * UUID of the task
   */
  task_id: string;
}
export interface CancelTaskAnswer200 {
  task_id: string;
  status: 'cancelled';
  message: string;
}
export interface AssignTaskPath {
  /**
   * UUID of the task
   */
  task_id: string;
  /**
   * UUID of the worker
   */
  agent_id: string;
}
export interface AssignTaskHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface AssignTaskAnswer200 {
  task_id: string;
  agent_id: string;
  status: 'assigned';
  message: string;
  assigned_at: string;
  database_updated: boolean;
}
export interface ExecuteTaskPath {
  /**
   * UUID of the task
   */
  task_id: string;
}
export interface ExecuteTaskHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface ExecuteTaskAnswer202 {
  task_id: string;
  status: 'dispatched';
  message: string;
  job_id: string | null;
}
export interface ListWorkflowsQuery {
  status?: 'created' | 'scheduled' | 'running' | 'completed' | 'failed' | 'cancelled';
  /**
   * For whom they are, as their creators said
   */
  user_id?: string;
  /**
   * Rows, 1 to 1000; 100 unless given
   */
  limit?: number;
  /**
   * Rows to pass over; 0 unless given
   */
  offset?: number;
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface ListWorkflowsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface ListWorkflowsAnswer200 {
  workflows: WorkflowRow[];
  total_count: number;
  limit: number;
  offset: number;
  database_source: 'postgresql';
  filtered_by: {
    status: string | null;
    user_id: string | null;
  };
}
export interface CreateWorkflowQuery {
  /**
   * As in the body
   */
  start?: 'true' | 'false';
}
export interface CreateWorkflowHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface CreateWorkflowBody {
  name: string;
  description: string;
  /**
   * For whom it is
   */
  user_id?: string;
  /**
   * @minItems 1
   * @maxItems 100
   */
  tasks: {
    /**
     * Names it within the workflow
     */
    key: string;
    /**
     * Keys of tasks before it
     */
    depends_on?: string[];
    type: 'analysis' | 'detection' | 'classification' | 'tracking' | 'alert' | 'report' | 'custom';
    name: string;
    description: string;
    /**
     * At most 10,000 characters as JSON and 10 levels, without U+0000
     */
    input_data?: {
      [k: string]: unknown;
    };
    /**
     * 1 LOW, 2 NORMAL, 3 HIGH, 4 CRITICAL, 5 EMERGENCY
     */
    priority?: number;
    /**
     * @maxItems 50
     */
    required_capabilities?: string[];
    /**
     * Seconds for all attempts; absent for 300 an attempt and 600 in all
     */
    timeout?: number;
    max_retries?: number;
    /**
     * @maxItems 20
     */
    tags?: string[];
  }[];
  /**
   * Five fields of cron, in UTC
   */
  schedule?: string;
  /**
   * @maxItems 10
   */
  dependencies?: string[];
  /**
   * Names of at most 100 characters, texts of at most 1,000
   */
  environment?: {
    [k: string]: string;
  };
  /**
   * At most 5,000 characters as JSON, without U+0000
   */
  metadata?: {
    [k: string]: unknown;
  };
  /**
   * Execute it at once; also as a query parameter
   */
  start?: boolean;
}
export interface CreateWorkflowAnswer201 {
  workflow_id: string;
  status: 'created' | 'scheduled' | 'running' | 'completed' | 'failed' | 'cancelled';
  message: string;
  task_count: number;
  job_id: string | null;
}
export interface GetWorkflowPath {
  /**
   * UUID of the workflow
   */
  workflow_id: string;
}
export interface GetWorkflowQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetWorkflowHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface CancelWorkflowPath {
  /**
   * UUID of the workflow
   */
  workflow_id: string;
}
export interface CancelWorkflowAnswer200 {
  workflow_id: string;
  status: 'cancelled';
  message: string;
}
export interface ExecuteWorkflowPath {
  /**
   * UUID of the workflow
   */
  workflow_id: string;
}
export interface ExecuteWorkflowHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface ExecuteWorkflowAnswer202 {
  workflow_id: string;
  job_id: string;
  status: 'created' | 'scheduled' | 'running' | 'completed' | 'failed' | 'cancelled';
  message: string;
}
export interface ClaimTasksPath {
  /**
   * UUID of the worker
   */
  agent_id: string;
}
export interface ClaimTasksHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
export interface ClaimTasksBody {
  /**
   * Tasks at most
   */
  max?: number;
  /**
   * Seconds to wait for the first one
   */
  wait_s?: number;
}
export interface ClaimTasksAnswer200 {
  tasks: ClaimedTask[];
}
export interface EndAttemptPath {
  /**
   * UUID of the task
   */
  task_id: string;
  /**
   * Number of the attempt, from 1
   */
  attempt: string;
}
export interface EndAttemptHeader {
  /**
   * Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again
   */
  'Idempotency-Key'?: string;
}
/**
 * An envelope with `output`, or any other object as the output itself, or `error_code` and `error_message`. Null counts as absent beside the other of `output` and `error_code`. No text holds U+0000
 */
export interface EndAttemptBody {
  /**
   * The result
   */
  output?: {
    [k: string]: unknown;
  };
  confidence?: number;
  reasoning?: string;
  /**
   * @maxItems 1000
   */
  references?: string[];
  /**
   * What went wrong; absent for a result. Tried again after model_error, model_timeout, tool_error, worker_lost, dependency_unavailable and attempt_timeout
   */
  error_code?:
    | 'model_error'
    | 'model_timeout'
    | 'tool_error'
    | 'worker_lost'
    | 'dependency_unavailable'
    | 'attempt_timeout'
    | 'output_invalid'
    | 'output_too_large'
    | 'permission_denied'
    | 'model_unavailable'
    | 'budget_exceeded'
    | 'agent_disabled'
    | 'agent_missing'
    | 'deadline'
    | 'approval_rejected'
    | 'approval_timeout'
    | 'too_many_targets'
    | 'limit_reached'
    | 'cancelled';
  error_message?: string;
}
export interface EndAttemptAnswer200 {
  task_id: string;
  status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
  /**
   * As what the attempt failed; null for a result
   */
  error_code: string | null;
  /**
   * Why; null for a result
   */
  error_message: string | null;
}
export interface GetWorkStatusQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetWorkStatusHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface GetWorkStatusAnswer200 {
  status: 'operational';
  agents: {
    total: number;
    /**
     * By status; those with none are absent
     */
    by_status: {
      [k: string]: number;
    };
  };
  tasks: {
    total: number;
    /**
     * By status; those with none are absent
     */
    by_status: {
      [k: string]: number;
    };
  };
  workflows: {
    total: number;
    /**
     * By status; those with none are absent
     */
    by_status: {
      [k: string]: number;
    };
  };
  queue: {
    /**
     * Tasks that could be given to a worker now
     */
    queued_tasks: number;
    /**
     * For how long the oldest of them has waited
     */
    oldest_wait_s: number;
  };
  timestamp: string;
}
export interface GetWorkStatisticsQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetWorkStatisticsHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface GetWorkStatisticsAnswer200 {
  agent_statistics: {
    total_agents: number;
    /**
     * By status; those with none are absent
     */
    by_status: {
      [k: string]: number;
    };
    /**
     * By type; those with none are absent
     */
    by_type: {
      [k: string]: number;
    };
  };
  task_statistics: {
    total_tasks: number;
    /**
     * By status; those with none are absent
     */
    by_status: {
      [k: string]: number;
    };
  };
  data_source: 'postgresql';
  timestamp: string;
}
export interface GetWorkInfoQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetWorkInfoHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface GetWorkInfoAnswer200 {
  service: string;
  version: string;
  features: string[];
}
export interface GetEventExportHealthQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetEventExportHealthHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface GetEventExportHealthAnswer200 {
  status: 'disabled' | 'healthy' | 'unhealthy';
  message: string;
  /**
   * When something was published last
   */
  published_at: string | null;
  /**
   * How old the oldest event is that is not published
   */
  behind_s: number;
  /**
   * Events that were published in all
   */
  published_count: number;
  /**
   * Events that were refused for good in all
   */
  refused_count: number;
  timestamp: string;
}
export interface GetDatabaseHealthQuery {
  /**
   * Answers these fields alone, as `a,b.c`, at most 50 paths: of a list those of a row. A path goes into every element of an array
   */
  fields?: string;
}
export interface GetDatabaseHealthHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface GetApiDescriptionHeader {
  /**
   * The ETag of what you have: answered only if it changed
   */
  'If-None-Match'?: string;
}
export interface GetApiDescriptionAnswer200 {
  [k: string]: unknown;
}

/** The operations by their names. */
export interface Operations {
  /** Whether the process is alive. */
  isAlive: {
    parameters: { path?: never; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': IsAliveAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Whether this gateway may be sent requests. */
  isReady: {
    parameters: { path?: never; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': IsReadyAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** How the platform and its services are. */
  getHealth: {
    parameters: { path?: never; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': GetHealthAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Measurements for Prometheus. */
  getMetrics: {
    parameters: { path?: never; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'text/plain': string; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** How the platform is, and what your credential may do. */
  getAuthenticatedHealth: {
    parameters: { path?: never; query?: GetAuthenticatedHealthQuery; header?: GetAuthenticatedHealthHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': GetAuthenticatedHealthAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Agents of the tenant and of the platform, newest first. */
  listAgents: {
    parameters: { path?: never; query?: ListAgentsQuery; header?: ListAgentsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListAgentsAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Create an agent, or judge one. */
  createAgent: {
    parameters: { path?: never; query?: CreateAgentQuery; header?: CreateAgentHeader; };
    requestBody: { content: { 'application/json': NewAgent; }; };
    responses: {
      200: { content: { 'application/json': AgentJudgement; }; };
      201: { content: { 'application/json': CreatedAgent; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** An agent with everything that it depends on. */
  getAgent: {
    parameters: { path: GetAgentPath; query?: GetAgentQuery; header?: GetAgentHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Agent; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Store the next version of an agent, or judge it. */
  updateAgent: {
    parameters: { path: UpdateAgentPath; query?: UpdateAgentQuery; header?: UpdateAgentHeader; };
    requestBody: { content: { 'application/json': AgentChanges; }; };
    responses: {
      200: { content: { 'application/json': UpdateAgentAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Delete an agent that nothing uses. */
  deleteAgent: {
    parameters: { path: DeleteAgentPath; query?: never; header?: DeleteAgentHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': DeleteAgentAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** What differs between two versions of an agent. */
  diffAgent: {
    parameters: { path: DiffAgentPath; query?: DiffAgentQuery; header?: DiffAgentHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Differences; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Store a new version equal to an earlier one. */
  rollbackAgent: {
    parameters: { path: RollbackAgentPath; query?: never; header?: RollbackAgentHeader; };
    requestBody: { content: { 'application/json': RollbackAgentBody; }; };
    responses: {
      200: { content: { 'application/json': SavedAgent; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Domains of the tenant and of the platform, newest first. */
  listDomains: {
    parameters: { path?: never; query?: ListDomainsQuery; header?: ListDomainsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListDomainsAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Create a domain, or judge one. */
  createDomain: {
    parameters: { path?: never; query?: CreateDomainQuery; header?: CreateDomainHeader; };
    requestBody: { content: { 'application/json': NewDomain; }; };
    responses: {
      200: { content: { 'application/json': DomainJudgement; }; };
      201: { content: { 'application/json': CreatedDomain; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A domain with its three playbooks. */
  getDomain: {
    parameters: { path: GetDomainPath; query?: GetDomainQuery; header?: GetDomainHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Domain; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Store the next version of a domain, or judge it. */
  updateDomain: {
    parameters: { path: UpdateDomainPath; query?: UpdateDomainQuery; header?: UpdateDomainHeader; };
    requestBody: { content: { 'application/json': DomainChanges; }; };
    responses: {
      200: { content: { 'application/json': UpdateDomainAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Delete a domain. */
  deleteDomain: {
    parameters: { path: DeleteDomainPath; query?: never; header?: DeleteDomainHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': DeleteDomainAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** What differs between two versions of a domain. */
  diffDomain: {
    parameters: { path: DiffDomainPath; query?: DiffDomainQuery; header?: DiffDomainHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Differences; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Store a new version equal to an earlier one. */
  rollbackDomain: {
    parameters: { path: RollbackDomainPath; query?: never; header?: RollbackDomainHeader; };
    requestBody: { content: { 'application/json': RollbackDomainBody; }; };
    responses: {
      200: { content: { 'application/json': SavedDomain; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** What runs of a playbook are likely to use, cost and take. */
  estimatePlaybook: {
    parameters: { path: EstimatePlaybookPath; query?: never; header?: EstimatePlaybookHeader; };
    requestBody: { content: { 'application/json': EstimatePlaybookBody; }; };
    responses: {
      200: { content: { 'application/json': Estimate; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** The golden sets of a domain, by name. */
  listGoldenSets: {
    parameters: { path: ListGoldenSetsPath; query?: ListGoldenSetsQuery; header?: ListGoldenSetsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListGoldenSetsAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A golden set with its rows. */
  getGoldenSet: {
    parameters: { path: GetGoldenSetPath; query?: GetGoldenSetQuery; header?: GetGoldenSetHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': GoldenSet; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Store a golden set, or its next version. */
  putGoldenSet: {
    parameters: { path: PutGoldenSetPath; query?: never; header?: PutGoldenSetHeader; };
    requestBody: { content: { 'application/json': NewGoldenSet; }; };
    responses: {
      200: { content: { 'application/json': StoredGoldenSet; }; };
      201: { content: { 'application/json': StoredGoldenSet; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Delete a golden set with the results of its gates. */
  deleteGoldenSet: {
    parameters: { path: DeleteGoldenSetPath; query?: never; header?: DeleteGoldenSetHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': DeleteGoldenSetAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Measure a candidate by a golden set against what is published. */
  startGate: {
    parameters: { path: StartGatePath; query?: never; header?: StartGateHeader; };
    requestBody: { content: { 'application/json': StartGateBody; }; };
    responses: {
      202: { content: { 'application/json': StartGateAnswer202; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A gate, how far it is and what it found. */
  getGate: {
    parameters: { path: GetGatePath; query?: GetGateQuery; header?: GetGateHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Gate; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Cancel a gate and its runs. */
  cancelGate: {
    parameters: { path: CancelGatePath; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      202: { content: { 'application/json': Gate; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Create a tool. */
  createTool: {
    parameters: { path?: never; query?: never; header?: CreateToolHeader; };
    requestBody: { content: { 'application/json': NewTool; }; };
    responses: {
      201: { content: { 'application/json': Tool; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** All tools of the tenant and of the platform, by name. */
  listTools: {
    parameters: { path?: never; query?: ListToolsQuery; header?: ListToolsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListToolsAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A tool. */
  getTool: {
    parameters: { path: GetToolPath; query?: GetToolQuery; header?: GetToolHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Tool; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Change a tool. */
  updateTool: {
    parameters: { path: UpdateToolPath; query?: never; header?: never; };
    requestBody: { content: { 'application/json': ToolChanges; }; };
    responses: {
      200: { content: { 'application/json': Tool; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Delete a tool with every permission to call it. */
  deleteTool: {
    parameters: { path: DeleteToolPath; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': DeleteToolAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Which agents may call which tools. */
  listToolAccess: {
    parameters: { path?: never; query?: ListToolAccessQuery; header?: ListToolAccessHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListToolAccessAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Let an agent call a tool. */
  grantToolAccess: {
    parameters: { path?: never; query?: never; header?: GrantToolAccessHeader; };
    requestBody: { content: { 'application/json': GrantToolAccessBody; }; };
    responses: {
      201: { content: { 'application/json': ToolPermission; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Take the permission to call a tool from an agent. */
  revokeToolAccess: {
    parameters: { path?: never; query?: never; header?: RevokeToolAccessHeader; };
    requestBody: { content: { 'application/json': RevokeToolAccessBody; }; };
    responses: {
      200: { content: { 'application/json': RevokeToolAccessAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Take the permission to call a tool from an agent. */
  deleteToolAccess: {
    parameters: { path: DeleteToolAccessPath; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': DeleteToolAccessAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Ask whether an agent may call a tool. */
  verifyToolAccess: {
    parameters: { path?: never; query?: never; header?: VerifyToolAccessHeader; };
    requestBody: { content: { 'application/json': VerifyToolAccessBody; }; };
    responses: {
      200: { content: { 'application/json': VerifyToolAccessAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Submit a report. */
  createReport: {
    parameters: { path?: never; query?: never; header?: CreateReportHeader; };
    requestBody: { content: { 'application/json': CreateReportBody; }; };
    responses: {
      202: { content: { 'application/json': AcceptedReport; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Reports, the newest first. */
  listReports: {
    parameters: { path?: never; query?: ListReportsQuery; header?: ListReportsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListReportsAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A report. */
  getReport: {
    parameters: { path: GetReportPath; query?: GetReportQuery; header?: GetReportHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Report; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Set the status of a report, record something in it. */
  updateReport: {
    parameters: { path: UpdateReportPath; query?: never; header?: UpdateReportHeader; };
    requestBody: { content: { 'application/json': UpdateReportBody; }; };
    responses: {
      200: { content: { 'application/json': ChangedReport; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Delete a report with its images and patches. */
  deleteReport: {
    parameters: { path: DeleteReportPath; query?: never; header?: DeleteReportHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': DeleteReportAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Get a place for an image of a report to come. */
  createImageUpload: {
    parameters: { path?: never; query?: never; header?: CreateImageUploadHeader; };
    requestBody: { content: { 'application/json': CreateImageUploadBody; }; };
    responses: {
      201: { content: { 'application/json': ImageUpload; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** All reports that match, as a file. */
  exportReports: {
    parameters: { path?: never; query?: ExportReportsQuery; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/x-ndjson': string; 'text/csv': string; 'application/geo+json': ReportFeatures; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Patches of all reports, the newest first. */
  listPatches: {
    parameters: { path?: never; query?: ListPatchesQuery; header?: ListPatchesHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListPatchesAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Patches of a report, the newest first. */
  listReportPatches: {
    parameters: { path: ListReportPatchesPath; query?: ListReportPatchesQuery; header?: ListReportPatchesHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListReportPatchesAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A patch. */
  getPatch: {
    parameters: { path: GetPatchPath; query?: GetPatchQuery; header?: GetPatchHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Patch; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Apply a proposed patch to its report. */
  applyPatch: {
    parameters: { path: ApplyPatchPath; query?: never; header?: ApplyPatchHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Patch; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Decline a proposed patch. */
  rejectPatch: {
    parameters: { path: RejectPatchPath; query?: never; header?: RejectPatchHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Patch; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Take an applied patch back by a new one. */
  revertPatch: {
    parameters: { path: RevertPatchPath; query?: never; header?: RevertPatchHeader; };
    requestBody?: { content: { 'application/json': RevertPatchBody; }; };
    responses: {
      200: { content: { 'application/json': Patch; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Where the reports of a domain are. */
  getReportPlaces: {
    parameters: { path?: never; query: GetReportPlacesQuery; header?: GetReportPlacesHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': GetReportPlacesAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** How many reports of a domain have which value, or came when. */
  countReports: {
    parameters: { path?: never; query: CountReportsQuery; header?: CountReportsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': CountReportsAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Ask a question, or give a command. */
  createQuery: {
    parameters: { path?: never; query?: never; header?: CreateQueryHeader; };
    requestBody: { content: { 'application/json': CreateQueryBody; }; };
    responses: {
      202: { content: { 'application/json': AcceptedQuery; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Your own questions and commands, the newest first. */
  listQueries: {
    parameters: { path?: never; query?: ListQueriesQuery; header?: ListQueriesHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListQueriesAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A question or command of your own, and what came of it. */
  getQuery: {
    parameters: { path: GetQueryPath; query?: GetQueryQuery; header?: GetQueryHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Query; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Delete a question or command of your own. */
  deleteQuery: {
    parameters: { path: DeleteQueryPath; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': DeleteQueryAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Begin a session. */
  createSession: {
    parameters: { path?: never; query?: never; header?: CreateSessionHeader; };
    requestBody: { content: { 'application/json': CreateSessionBody; }; };
    responses: {
      201: { content: { 'application/json': Session; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Your own sessions, the last active first. */
  listSessions: {
    parameters: { path?: never; query?: ListSessionsQuery; header?: ListSessionsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListSessionsAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A session with its newest messages. */
  getSession: {
    parameters: { path: GetSessionPath; query?: GetSessionQuery; header?: GetSessionHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': WholeSession; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Rename a session. */
  renameSession: {
    parameters: { path: RenameSessionPath; query?: never; header?: never; };
    requestBody: { content: { 'application/json': RenameSessionBody; }; };
    responses: {
      200: { content: { 'application/json': Session; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Delete a session with its messages. */
  deleteSession: {
    parameters: { path: DeleteSessionPath; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': DeleteSessionAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Runs of the tenant, newest first. */
  listExecutions: {
    parameters: { path?: never; query?: ListExecutionsQuery; header?: ListExecutionsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListExecutionsAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A run with its plan and log. */
  getExecution: {
    parameters: { path: GetExecutionPath; query?: GetExecutionQuery; header?: GetExecutionHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Execution; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Cancel a run. */
  cancelExecution: {
    parameters: { path: CancelExecutionPath; query?: never; header?: CancelExecutionHeader; };
    requestBody?: never;
    responses: {
      202: { content: { 'application/json': CancelExecutionAnswer202; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Pause a run. */
  pauseExecution: {
    parameters: { path: PauseExecutionPath; query?: never; header?: PauseExecutionHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': PauseExecutionAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Resume a paused run. */
  resumeExecution: {
    parameters: { path: ResumeExecutionPath; query?: never; header?: ResumeExecutionHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ResumeExecutionAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Repeat a run that has ended. */
  rerunExecution: {
    parameters: { path: RerunExecutionPath; query?: never; header?: RerunExecutionHeader; };
    requestBody: { content: { 'application/json': RerunExecutionBody; }; };
    responses: {
      200: { content: { 'application/json': RerunExecutionAnswer200; }; };
      202: { content: { 'application/json': RerunExecutionAnswer202; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** What runs wait for people to decide, newest first. */
  listApprovals: {
    parameters: { path?: never; query?: ListApprovalsQuery; header?: ListApprovalsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListApprovalsAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** An approval with what it rests on. */
  getApproval: {
    parameters: { path: GetApprovalPath; query?: GetApprovalQuery; header?: GetApprovalHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Approval; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Approve, so that the run goes on. */
  approveTask: {
    parameters: { path: ApproveTaskPath; query?: never; header?: ApproveTaskHeader; };
    requestBody?: { content: { 'application/json': ApproveTaskBody; }; };
    responses: {
      200: { content: { 'application/json': Approval; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Reject, so that the task fails. */
  rejectTask: {
    parameters: { path: RejectTaskPath; query?: never; header?: RejectTaskHeader; };
    requestBody?: { content: { 'application/json': RejectTaskBody; }; };
    responses: {
      200: { content: { 'application/json': Approval; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Who you are, as the platform knows it. */
  getMe: {
    parameters: { path?: never; query?: GetMeQuery; header?: GetMeHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': GetMeAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Settings of the tenant. */
  getTenantSettings: {
    parameters: { path?: never; query?: GetTenantSettingsQuery; header?: GetTenantSettingsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': TenantSettings; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Replace the settings of the tenant. */
  putTenantSettings: {
    parameters: { path?: never; query?: never; header?: never; };
    requestBody?: { content: { 'application/json': PutTenantSettingsBody; }; };
    responses: {
      200: { content: { 'application/json': TenantSettings; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** What models were called for, and what that cost. */
  getUsage: {
    parameters: { path?: never; query?: GetUsageQuery; header?: GetUsageHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Usage; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Users of the tenant, newest first. */
  listUsers: {
    parameters: { path?: never; query?: ListUsersQuery; header?: ListUsersHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListUsersAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Teams of the tenant, newest first. */
  listTeams: {
    parameters: { path?: never; query?: ListTeamsQuery; header?: ListTeamsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListTeamsAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Create a team. */
  createTeam: {
    parameters: { path?: never; query?: never; header?: CreateTeamHeader; };
    requestBody: { content: { 'application/json': CreateTeamBody; }; };
    responses: {
      201: { content: { 'application/json': Team; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A team. */
  getTeam: {
    parameters: { path: GetTeamPath; query?: GetTeamQuery; header?: GetTeamHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Team; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Rename a team or replace its members. */
  updateTeam: {
    parameters: { path: UpdateTeamPath; query?: never; header?: never; };
    requestBody: { content: { 'application/json': UpdateTeamBody; }; };
    responses: {
      200: { content: { 'application/json': Team; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Delete a team. */
  deleteTeam: {
    parameters: { path: DeleteTeamPath; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': DeleteTeamAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Make an API key. */
  createApiKey: {
    parameters: { path?: never; query?: never; header?: CreateApiKeyHeader; };
    requestBody: { content: { 'application/json': CreateApiKeyBody; }; };
    responses: {
      201: { content: { 'application/json': NewApiKey; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** API keys of the tenant, newest first. */
  listApiKeys: {
    parameters: { path?: never; query?: ListApiKeysQuery; header?: ListApiKeysHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ApiKeyList; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Revoke an API key. */
  revokeApiKey: {
    parameters: { path: RevokeApiKeyPath; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': RevokeApiKeyAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Who did what, and when, the newest first. */
  listAuditEntries: {
    parameters: { path?: never; query?: ListAuditEntriesQuery; header?: ListAuditEntriesHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListAuditEntriesAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** How the circuit breakers of all processes stand. */
  listCircuitBreakers: {
    parameters: { path?: never; query?: ListCircuitBreakersQuery; header?: ListCircuitBreakersHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListCircuitBreakersAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** How the circuit breakers of one name stand. */
  getCircuitBreaker: {
    parameters: { path: GetCircuitBreakerPath; query?: GetCircuitBreakerQuery; header?: GetCircuitBreakerHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': CircuitBreaker; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Put circuit breakers into a state by force. */
  forceCircuitBreaker: {
    parameters: { path: ForceCircuitBreakerPath; query: ForceCircuitBreakerQuery; header?: ForceCircuitBreakerHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ForceCircuitBreakerAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** What happens in a run, as it happens. */
  watchExecution: {
    parameters: { path: WatchExecutionPath; query?: WatchExecutionQuery; header?: WatchExecutionHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'text/event-stream': string; }; };
      204: { content?: never; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** What happens in the runs of a session, from now on. */
  watchSession: {
    parameters: { path: WatchSessionPath; query?: WatchSessionQuery; header?: WatchSessionHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'text/event-stream': string; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** What happens in your own runs, from now on. */
  watchOwnExecutions: {
    parameters: { path?: never; query?: WatchOwnExecutionsQuery; header?: WatchOwnExecutionsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'text/event-stream': string; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Submit or import many reports, one on each line. */
  createReports: {
    parameters: { path?: never; query?: CreateReportsQuery; header?: CreateReportsHeader; };
    requestBody: { content: { 'application/x-ndjson': string; 'application/jsonl': string; }; };
    responses: {
      202: { content: { 'application/x-ndjson': string; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Workers of the tenant, newest first. */
  listWorkers: {
    parameters: { path?: never; query?: ListWorkersQuery; header?: ListWorkersHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListWorkersAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A worker. */
  getWorker: {
    parameters: { path: GetWorkerPath; query?: GetWorkerQuery; header?: GetWorkerHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ReadWorker; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Change a worker. */
  updateWorker: {
    parameters: { path: UpdateWorkerPath; query?: never; header?: never; };
    requestBody: { content: { 'application/json': UpdateWorkerBody; }; };
    responses: {
      200: { content: { 'application/json': Worker; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Remove a worker. */
  removeWorker: {
    parameters: { path: RemoveWorkerPath; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': RemoveWorkerAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Register a worker. */
  registerWorker: {
    parameters: { path?: never; query?: never; header?: RegisterWorkerHeader; };
    requestBody: { content: { 'application/json': RegisterWorkerBody; }; };
    responses: {
      200: { content: { 'application/json': RegisterWorkerAnswer200; }; };
      201: { content: { 'application/json': RegisterWorkerAnswer201; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Give a sign of life. */
  heartbeatWorker: {
    parameters: { path: HeartbeatWorkerPath; query?: never; header?: HeartbeatWorkerHeader; };
    requestBody?: { content: { 'application/json': HeartbeatWorkerBody; }; };
    responses: {
      200: { content: { 'application/json': HeartbeatWorkerAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Do one thing to many workers, in one transaction. */
  bulkUpdateWorkers: {
    parameters: { path: BulkUpdateWorkersPath; query?: never; header?: BulkUpdateWorkersHeader; };
    requestBody: { content: { 'application/json': BulkUpdateWorkersBody; }; };
    responses: {
      200: { content: { 'application/json': BulkUpdateWorkersAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Tasks of the tenant, those of the highest priority first. */
  listTasks: {
    parameters: { path?: never; query?: ListTasksQuery; header?: ListTasksHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListTasksAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Create a task. */
  createTask: {
    parameters: { path?: never; query?: CreateTaskQuery; header?: CreateTaskHeader; };
    requestBody: { content: { 'application/json': CreateTaskBody; }; };
    responses: {
      201: { content: { 'application/json': CreateTaskAnswer201; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A task. */
  getTask: {
    parameters: { path: GetTaskPath; query?: GetTaskQuery; header?: GetTaskHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ReadWorkTask; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Cancel a task. */
  cancelTask: {
    parameters: { path: CancelTaskPath; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': CancelTaskAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Give a task to a worker. */
  assignTask: {
    parameters: { path: AssignTaskPath; query?: never; header?: AssignTaskHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': AssignTaskAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Let a task be given to whichever worker fits. */
  executeTask: {
    parameters: { path: ExecuteTaskPath; query?: never; header?: ExecuteTaskHeader; };
    requestBody?: never;
    responses: {
      202: { content: { 'application/json': ExecuteTaskAnswer202; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Workflows of the tenant, newest first. */
  listWorkflows: {
    parameters: { path?: never; query?: ListWorkflowsQuery; header?: ListWorkflowsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': ListWorkflowsAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Create a workflow. */
  createWorkflow: {
    parameters: { path?: never; query?: CreateWorkflowQuery; header?: CreateWorkflowHeader; };
    requestBody: { content: { 'application/json': CreateWorkflowBody; }; };
    responses: {
      201: { content: { 'application/json': CreateWorkflowAnswer201; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** A workflow with its tasks. */
  getWorkflow: {
    parameters: { path: GetWorkflowPath; query?: GetWorkflowQuery; header?: GetWorkflowHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': Workflow; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Cancel a workflow. */
  cancelWorkflow: {
    parameters: { path: CancelWorkflowPath; query?: never; header?: never; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': CancelWorkflowAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Execute a workflow. */
  executeWorkflow: {
    parameters: { path: ExecuteWorkflowPath; query?: never; header?: ExecuteWorkflowHeader; };
    requestBody?: never;
    responses: {
      202: { content: { 'application/json': ExecuteWorkflowAnswer202; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Take tasks, and wait for one if there is none. */
  claimTasks: {
    parameters: { path: ClaimTasksPath; query?: never; header?: ClaimTasksHeader; };
    requestBody?: { content: { 'application/json': ClaimTasksBody; }; };
    responses: {
      200: { content: { 'application/json': ClaimTasksAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Say what came of an attempt. */
  endAttempt: {
    parameters: { path: EndAttemptPath; query?: never; header?: EndAttemptHeader; };
    requestBody?: { content: { 'application/json': EndAttemptBody; }; };
    responses: {
      200: { content: { 'application/json': EndAttemptAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Counts of workers, tasks, workflows and what waits. */
  getWorkStatus: {
    parameters: { path?: never; query?: GetWorkStatusQuery; header?: GetWorkStatusHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': GetWorkStatusAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Workers and tasks by status and type. */
  getWorkStatistics: {
    parameters: { path?: never; query?: GetWorkStatisticsQuery; header?: GetWorkStatisticsHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': GetWorkStatisticsAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** What API v2 is and can do. */
  getWorkInfo: {
    parameters: { path?: never; query?: GetWorkInfoQuery; header?: GetWorkInfoHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': GetWorkInfoAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** How the export of events is. */
  getEventExportHealth: {
    parameters: { path?: never; query?: GetEventExportHealthQuery; header?: GetEventExportHealthHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': GetEventExportHealthAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** How the database of workers and tasks is. */
  getDatabaseHealth: {
    parameters: { path?: never; query?: GetDatabaseHealthQuery; header?: GetDatabaseHealthHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': GetDatabaseHealthAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
  /** Description of this API. */
  getApiDescription: {
    parameters: { path?: never; query?: never; header?: GetApiDescriptionHeader; };
    requestBody?: never;
    responses: {
      200: { content: { 'application/json': GetApiDescriptionAnswer200; }; };
      default: { content: { 'application/problem+json': Problem } };
    };
  };
}

/** The operations by path and method. */
export interface paths {
  '/health/live': {
    get: Operations['isAlive'];
  };
  '/health/ready': {
    get: Operations['isReady'];
  };
  '/health': {
    get: Operations['getHealth'];
  };
  '/metrics': {
    get: Operations['getMetrics'];
  };
  '/api/v1/health/authenticated': {
    get: Operations['getAuthenticatedHealth'];
  };
  '/api/v1/agents': {
    get: Operations['listAgents'];
    post: Operations['createAgent'];
  };
  '/api/v1/agents/{agent_id}': {
    get: Operations['getAgent'];
    put: Operations['updateAgent'];
    delete: Operations['deleteAgent'];
  };
  '/api/v1/agents/{agent_id}/diff': {
    get: Operations['diffAgent'];
  };
  '/api/v1/agents/{agent_id}/rollback': {
    post: Operations['rollbackAgent'];
  };
  '/api/v1/domains': {
    get: Operations['listDomains'];
    post: Operations['createDomain'];
  };
  '/api/v1/domains/{domain_id}': {
    get: Operations['getDomain'];
    put: Operations['updateDomain'];
    delete: Operations['deleteDomain'];
  };
  '/api/v1/domains/{domain_id}/diff': {
    get: Operations['diffDomain'];
  };
  '/api/v1/domains/{domain_id}/rollback': {
    post: Operations['rollbackDomain'];
  };
  '/api/v1/domains/{domain_id}/estimate': {
    post: Operations['estimatePlaybook'];
  };
  '/api/v1/domains/{domain_id}/golden-sets': {
    get: Operations['listGoldenSets'];
  };
  '/api/v1/domains/{domain_id}/golden-sets/{name}': {
    get: Operations['getGoldenSet'];
    put: Operations['putGoldenSet'];
    delete: Operations['deleteGoldenSet'];
  };
  '/api/v1/domains/{domain_id}/gate': {
    post: Operations['startGate'];
  };
  '/api/v1/domains/{domain_id}/gate/{gate_id}': {
    get: Operations['getGate'];
    delete: Operations['cancelGate'];
  };
  '/api/v1/tools': {
    post: Operations['createTool'];
    get: Operations['listTools'];
  };
  '/api/v1/tools/{tool_name}': {
    get: Operations['getTool'];
    put: Operations['updateTool'];
    delete: Operations['deleteTool'];
  };
  '/api/v1/tool-access': {
    get: Operations['listToolAccess'];
  };
  '/api/v1/tool-access/grant': {
    post: Operations['grantToolAccess'];
  };
  '/api/v1/tool-access/revoke': {
    post: Operations['revokeToolAccess'];
  };
  '/api/v1/tool-access/{agent_id}/{tool_name}': {
    delete: Operations['deleteToolAccess'];
  };
  '/api/v1/tool-access/verify': {
    post: Operations['verifyToolAccess'];
  };
  '/api/v1/reports': {
    post: Operations['createReport'];
    get: Operations['listReports'];
  };
  '/api/v1/reports/{incident_id}': {
    get: Operations['getReport'];
    put: Operations['updateReport'];
    delete: Operations['deleteReport'];
  };
  '/api/v1/reports/images': {
    post: Operations['createImageUpload'];
  };
  '/api/v1/reports/export': {
    get: Operations['exportReports'];
  };
  '/api/v1/patches': {
    get: Operations['listPatches'];
  };
  '/api/v1/reports/{incident_id}/patches': {
    get: Operations['listReportPatches'];
  };
  '/api/v1/patches/{patch_id}': {
    get: Operations['getPatch'];
  };
  '/api/v1/patches/{patch_id}/apply': {
    post: Operations['applyPatch'];
  };
  '/api/v1/patches/{patch_id}/reject': {
    post: Operations['rejectPatch'];
  };
  '/api/v1/patches/{patch_id}/revert': {
    post: Operations['revertPatch'];
  };
  '/api/v1/data/geo': {
    get: Operations['getReportPlaces'];
  };
  '/api/v1/data/aggregated': {
    get: Operations['countReports'];
  };
  '/api/v1/queries': {
    post: Operations['createQuery'];
    get: Operations['listQueries'];
  };
  '/api/v1/queries/{query_id}': {
    get: Operations['getQuery'];
    delete: Operations['deleteQuery'];
  };
  '/api/v1/sessions': {
    post: Operations['createSession'];
    get: Operations['listSessions'];
  };
  '/api/v1/sessions/{session_id}': {
    get: Operations['getSession'];
    put: Operations['renameSession'];
    delete: Operations['deleteSession'];
  };
  '/api/v1/executions': {
    get: Operations['listExecutions'];
  };
  '/api/v1/executions/{job_id}': {
    get: Operations['getExecution'];
  };
  '/api/v1/executions/{job_id}/cancel': {
    post: Operations['cancelExecution'];
  };
  '/api/v1/executions/{job_id}/pause': {
    post: Operations['pauseExecution'];
  };
  '/api/v1/executions/{job_id}/resume': {
    post: Operations['resumeExecution'];
  };
  '/api/v1/executions/{job_id}/rerun': {
    post: Operations['rerunExecution'];
  };
  '/api/v1/approvals': {
    get: Operations['listApprovals'];
  };
  '/api/v1/executions/{job_id}/tasks/{task_id}/approval': {
    get: Operations['getApproval'];
  };
  '/api/v1/executions/{job_id}/tasks/{task_id}/approve': {
    post: Operations['approveTask'];
  };
  '/api/v1/executions/{job_id}/tasks/{task_id}/reject': {
    post: Operations['rejectTask'];
  };
  '/api/v1/me': {
    get: Operations['getMe'];
  };
  '/api/v1/tenant/settings': {
    get: Operations['getTenantSettings'];
    put: Operations['putTenantSettings'];
  };
  '/api/v1/usage': {
    get: Operations['getUsage'];
  };
  '/api/v1/users': {
    get: Operations['listUsers'];
  };
  '/api/v1/teams': {
    get: Operations['listTeams'];
    post: Operations['createTeam'];
  };
  '/api/v1/teams/{id}': {
    get: Operations['getTeam'];
    put: Operations['updateTeam'];
    delete: Operations['deleteTeam'];
  };
  '/api/v1/auth/keys': {
    post: Operations['createApiKey'];
    get: Operations['listApiKeys'];
  };
  '/api/v1/auth/keys/{key_id}': {
    delete: Operations['revokeApiKey'];
  };
  '/api/v1/audit': {
    get: Operations['listAuditEntries'];
  };
  '/api/v1/circuit-breakers/health': {
    get: Operations['listCircuitBreakers'];
  };
  '/api/v1/circuit-breakers/{service}': {
    get: Operations['getCircuitBreaker'];
  };
  '/api/v1/circuit-breakers/{service}/force-state': {
    post: Operations['forceCircuitBreaker'];
  };
  '/api/v1/executions/{job_id}/events': {
    get: Operations['watchExecution'];
  };
  '/api/v1/sessions/{session_id}/events': {
    get: Operations['watchSession'];
  };
  '/api/v1/events': {
    get: Operations['watchOwnExecutions'];
  };
  '/api/v1/reports/batch': {
    post: Operations['createReports'];
  };
  '/api/v2/agents': {
    get: Operations['listWorkers'];
  };
  '/api/v2/agents/{agent_id}': {
    get: Operations['getWorker'];
    put: Operations['updateWorker'];
    delete: Operations['removeWorker'];
  };
  '/api/v2/agents/register': {
    post: Operations['registerWorker'];
  };
  '/api/v2/agents/{agent_id}/heartbeat': {
    post: Operations['heartbeatWorker'];
  };
  '/api/v2/agents/bulk/{operation}': {
    post: Operations['bulkUpdateWorkers'];
  };
  '/api/v2/tasks': {
    get: Operations['listTasks'];
    post: Operations['createTask'];
  };
  '/api/v2/tasks/{task_id}': {
    get: Operations['getTask'];
    delete: Operations['cancelTask'];
  };
  '/api/v2/tasks/{task_id}/assign/{agent_id}': {
    post: Operations['assignTask'];
  };
  '/api/v2/tasks/{task_id}/execute': {
    post: Operations['executeTask'];
  };
  '/api/v2/workflows': {
    get: Operations['listWorkflows'];
    post: Operations['createWorkflow'];
  };
  '/api/v2/workflows/{workflow_id}': {
    get: Operations['getWorkflow'];
    delete: Operations['cancelWorkflow'];
  };
  '/api/v2/workflows/{workflow_id}/execute': {
    post: Operations['executeWorkflow'];
  };
  '/api/v2/agents/{agent_id}/tasks/claim': {
    post: Operations['claimTasks'];
  };
  '/api/v2/tasks/{task_id}/attempts/{attempt}/result': {
    post: Operations['endAttempt'];
  };
  '/api/v2/status': {
    get: Operations['getWorkStatus'];
  };
  '/api/v2/statistics/agents': {
    get: Operations['getWorkStatistics'];
  };
  '/api/v2/info': {
    get: Operations['getWorkInfo'];
  };
  '/api/v2/health/kafka': {
    get: Operations['getEventExportHealth'];
  };
  '/api/v2/health/database': {
    get: Operations['getDatabaseHealth'];
  };
  '/api/v1/openapi.json': {
    get: Operations['getApiDescription'];
  };
}
