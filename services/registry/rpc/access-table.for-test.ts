// Who may call which method of the registry, and which fields of requests name something: what the matrix of access is tested by.

/** The least role of the tenant's people, runs alone, gates alone, or which services may call for themselves: the gateway, or any. */
export type Least = 'viewer' | 'editor' | 'admin' | 'run' | 'gate' | 'gateway' | 'services';

/** What each method needs. */
export const least: Readonly<Record<string, Least>> = {
  'AgentService.GetAgent': 'viewer',
  'AgentService.ListAgents': 'viewer',
  'AgentService.BatchGetAgents': 'viewer',
  'AgentService.DiffAgent': 'viewer',
  'AgentService.CheckAgent': 'editor',
  'AgentService.CreateAgent': 'editor',
  'AgentService.UpdateAgent': 'editor',
  'AgentService.DeleteAgent': 'editor',
  'AgentService.RollbackAgent': 'editor',
  'DomainService.GetDomain': 'viewer',
  'DomainService.ListDomains': 'viewer',
  'DomainService.ResolvePlan': 'viewer',
  'DomainService.DiffDomain': 'viewer',
  'DomainService.CheckDomain': 'editor',
  'DomainService.CreateDomain': 'editor',
  'DomainService.UpdateDomain': 'editor',
  'DomainService.DeleteDomain': 'editor',
  'DomainService.RollbackDomain': 'editor',
  'GoldenSetService.ListGoldenSets': 'viewer',
  'GoldenSetService.GetGoldenSet': 'viewer',
  'GoldenSetService.PutGoldenSet': 'admin',
  'GoldenSetService.DeleteGoldenSet': 'admin',
  'GoldenSetService.PrepareGate': 'admin',
  'GoldenSetService.RecordGateResult': 'gate',
  'GoldenSetService.SumRunCosts': 'gate',
  'ToolService.GetTool': 'viewer',
  'ToolService.ListTools': 'viewer',
  'ToolService.CreateTool': 'admin',
  'ToolService.UpdateTool': 'admin',
  'ToolService.DeleteTool': 'admin',
  'ToolAccessService.ListToolAccess': 'viewer',
  'ToolAccessService.GrantToolAccess': 'admin',
  'ToolAccessService.RevokeToolAccess': 'admin',
  'ToolAccessService.VerifyToolAccess': 'admin',
  'TeamService.ListUsers': 'viewer',
  'TeamService.ListTeams': 'viewer',
  'TeamService.GetTeam': 'viewer',
  'TeamService.CreateTeam': 'admin',
  'TeamService.UpdateTeam': 'admin',
  'TeamService.DeleteTeam': 'admin',
  'TenantService.EnsurePrincipal': 'viewer',
  'TenantService.GetTenantSettings': 'viewer',
  'TenantService.UpdateTenantSettings': 'admin',
  'ApiKeyService.CreateApiKey': 'admin',
  'ApiKeyService.ListApiKeys': 'admin',
  'ApiKeyService.RevokeApiKey': 'admin',
  'ApiKeyService.AuthenticateApiKey': 'gateway',
  'AuditService.ListAuditEntries': 'admin',
  'ChangeService.WatchChanges': 'services',
  'UsageService.GetUsage': 'viewer',
  'UsageService.GetCallHistory': 'viewer',
  'UsageService.ReserveCall': 'run',
  'UsageService.SettleCall': 'run',
};

/** Runs ask it too, below the role that people need. */
export const openToRuns = [
  'ToolAccessService.VerifyToolAccess',
  'UsageService.ReserveCall',
  'UsageService.SettleCall',
];

/** Methods that name objects of the tenant, and answer foreign ones otherwise than with `not_found`. */
export const foreignAnswers: Readonly<Record<string, 'nothing' | 'permission_denied'>> = {
  'AgentService.BatchGetAgents': 'nothing',
  'AuditService.ListAuditEntries': 'nothing',
  'UsageService.GetCallHistory': 'nothing',
  'ToolAccessService.ListToolAccess': 'nothing',
  'ToolAccessService.VerifyToolAccess': 'permission_denied',
};

/** Fields that name no object of a tenant. */
export const namesNothing = [
  'page,version,fromVersion,toVersion,domainVersion,skip,limit,agentClass,toolType,knownHash,settings,includeCredentials,keyHash',
  'operationType,entityType,status,from,to,tenantName,createTenant,subject,username,email,definition,playbook',
  'agentVersion,provider,model,price,inputTokensEstimate,outputTokensMax,outcome,inputTokens,outputTokens,cachedInputTokens,tokensEstimated,groupBy,tasksMax,after',
  'expectedVersion,seed',
  'candidate,goldenSetVersion,candidateHash,presentHash,passed,failingPaths,gateId,jobIds',
].flatMap((names) => names.split(','));
