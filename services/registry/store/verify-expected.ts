// The core schema, version 1.0, as PostgreSQL's catalog prints it: what a database is held against. It asks no database.

const stamp = 'timestamp with time zone not null default now()';
const uuidKey = 'id uuid not null default gen_random_uuid()';
const ownTenant = 'tenant_id uuid not null';

/** The one column that needs PostGIS, and its index: a server without it leaves out just these. */
export const postgisColumn = 'incidents.location';
/** See `postgisColumn`. */
export const postgisIndex = 'idx_incidents_location';

/** Columns of the seven tables by table: name, type, then `not null` and the default where there is one. */
export const expectedColumns: Readonly<Record<string, readonly string[]>> = {
  tenants: [
    uuidKey,
    'tenant_name character varying(200) not null',
    `created_at ${stamp}`,
    `updated_at ${stamp}`,
  ],
  users: [
    uuidKey,
    'username character varying(100)',
    'email character varying(255)',
    'cognito_sub character varying(255)',
    'tenant_id uuid',
    `created_at ${stamp}`,
    `updated_at ${stamp}`,
  ],
  teams: [
    uuidKey,
    'team_name character varying(200)',
    'tenant_id uuid',
    "members jsonb default '[]'::jsonb",
    `created_at ${stamp}`,
    `updated_at ${stamp}`,
    'created_by uuid',
  ],
  agent_definitions: [
    uuidKey,
    'agent_id character varying(100) not null',
    ownTenant,
    'agent_name character varying(200) not null',
    'agent_class character varying(20) not null',
    'system_prompt text not null',
    "tools jsonb default '[]'::jsonb",
    "agent_dependencies jsonb default '[]'::jsonb",
    'max_output_keys integer default 5',
    'output_schema jsonb not null',
    'description text',
    'enabled boolean default true',
    'is_inbuilt boolean default false',
    'version integer default 1',
    `created_at ${stamp}`,
    `updated_at ${stamp}`,
    'created_by uuid not null',
  ],
  domain_configurations: [
    uuidKey,
    'domain_id character varying(100) not null',
    ownTenant,
    'domain_name character varying(200) not null',
    'description text',
    'ingestion_playbook jsonb not null',
    'query_playbook jsonb not null',
    'management_playbook jsonb not null',
    `created_at ${stamp}`,
    `updated_at ${stamp}`,
    'created_by uuid not null',
  ],
  incidents: [
    uuidKey,
    'tenant_id uuid',
    'domain_id character varying(100)',
    'raw_text text',
    'structured_data jsonb',
    'location geography(Point,4326)',
    `created_at ${stamp}`,
    `updated_at ${stamp}`,
    'created_by uuid',
  ],
  image_evidence: [
    uuidKey,
    'incident_id uuid',
    'tenant_id uuid',
    's3_key character varying(500)',
    's3_bucket character varying(200)',
    'content_type character varying(100)',
    'file_size_bytes integer',
    `uploaded_at ${stamp}`,
  ],
};

/** The ten indexes: name, then what they are on. */
export const expectedIndexes: Readonly<Record<string, string>> = {
  idx_agents_tenant_class: 'registry.agent_definitions USING btree (tenant_id, agent_class)',
  idx_agents_enabled: 'registry.agent_definitions USING btree (enabled)',
  idx_agents_tenant: 'registry.agent_definitions USING btree (tenant_id)',
  idx_domains_tenant: 'registry.domain_configurations USING btree (tenant_id)',
  idx_incidents_tenant_domain: 'registry.incidents USING btree (tenant_id, domain_id)',
  idx_incidents_created_at: 'registry.incidents USING btree (created_at DESC)',
  idx_incidents_structured_data: 'registry.incidents USING gin (structured_data)',
  idx_incidents_location: 'registry.incidents USING gist (location)',
  idx_image_evidence_incident: 'registry.image_evidence USING btree (incident_id)',
  idx_image_evidence_tenant: 'registry.image_evidence USING btree (tenant_id)',
};

const touched = ['tenants', 'users', 'teams', 'agent_definitions', 'domain_configurations', 'incidents'];

/** The function that all triggers run. */
export const touchFunction = 'update_updated_at_column';

/** The six triggers: name, then when they run what. */
export const expectedTriggers: Readonly<Record<string, string>> = Object.fromEntries(
  touched.map((table) => [
    `update_${table}_updated_at`,
    `BEFORE UPDATE ON registry.${table} FOR EACH ROW EXECUTE FUNCTION registry.${touchFunction}()`,
  ]),
);

const tenantKey = 'FOREIGN KEY (tenant_id) REFERENCES registry.tenants(id)';
const userKey = 'FOREIGN KEY (created_by) REFERENCES registry.users(id)';

/** Unique and foreign keys, by name; every table's primary key is checked by its columns. */
export const expectedConstraints: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(expectedColumns).map((table) => [`${table}_pkey`, 'PRIMARY KEY (id)'])),
  users_username_key: 'UNIQUE (username)',
  users_email_key: 'UNIQUE (email)',
  users_cognito_sub_key: 'UNIQUE (cognito_sub)',
  agent_definitions_agent_id_key: 'UNIQUE (agent_id)',
  domain_configurations_tenant_id_domain_id_key: 'UNIQUE (tenant_id, domain_id)',
  ...Object.fromEntries(
    Object.keys(expectedColumns)
      .filter((table) => table !== 'tenants')
      .map((table) => [`${table}_tenant_id_fkey`, tenantKey]),
  ),
  teams_created_by_fkey: userKey,
  agent_definitions_created_by_fkey: userKey,
  domain_configurations_created_by_fkey: userKey,
  image_evidence_incident_id_fkey:
    'FOREIGN KEY (incident_id) REFERENCES registry.incidents(id) ON DELETE CASCADE',
};

/** The check on agent classes, and the classes that it lets in. */
export const agentClassCheck = {
  name: 'agent_definitions_agent_class_check',
  classes: ['ingestion', 'management', 'query'],
} as const;

/** Tables beside the seven, each with rows of tenants. */
export const furtherTables: readonly string[] = [
  'agent_versions',
  'domain_versions',
  'tenant_settings',
  'tools',
  'tool_permissions',
  'api_keys',
  'audit_log',
  'usage_ledger',
  'usage_totals',
  'golden_sets',
  'gate_results',
];
