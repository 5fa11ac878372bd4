// Every span name, attribute name and metric name of the project. HTTP, RPC and database names are the stable OpenTelemetry
// semantic conventions; `gen_ai.*` follows the GenAI conventions; `domainflow.*` is our own.
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_BATCH_SIZE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_RPC_METHOD,
  ATTR_RPC_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';

/** Span and resource attributes. Values are sizes, hashes, ids and closed words; never prompts, outputs or secrets. */
export const Attribute = {
  serviceName: ATTR_SERVICE_NAME,
  serviceVersion: ATTR_SERVICE_VERSION,
  serviceInstanceId: 'service.instance.id',
  processId: 'process.pid',

  errorType: ATTR_ERROR_TYPE,
  serverAddress: ATTR_SERVER_ADDRESS,
  serverPort: ATTR_SERVER_PORT,

  httpMethod: ATTR_HTTP_REQUEST_METHOD,
  httpRoute: ATTR_HTTP_ROUTE,
  httpStatusCode: ATTR_HTTP_RESPONSE_STATUS_CODE,
  httpRequestBodyBytes: 'http.request.body.size',
  httpResponseBodyBytes: 'http.response.body.size',
  urlScheme: ATTR_URL_SCHEME,

  rpcSystem: ATTR_RPC_SYSTEM_NAME,
  /** Fully qualified, such as `domainflow.registry.v1.AgentService/GetAgent`. */
  rpcMethod: ATTR_RPC_METHOD,
  rpcStatusCode: 'rpc.response.status_code',
  /** Which try of one call this is; absent on the first. */
  rpcRetryCount: 'domainflow.rpc.retry_count',

  dbSystem: ATTR_DB_SYSTEM_NAME,
  dbNamespace: ATTR_DB_NAMESPACE,
  dbCollection: ATTR_DB_COLLECTION_NAME,
  dbOperation: ATTR_DB_OPERATION_NAME,
  dbBatchSize: ATTR_DB_OPERATION_BATCH_SIZE,
  dbQuerySummary: ATTR_DB_QUERY_SUMMARY,
  dbStatusCode: ATTR_DB_RESPONSE_STATUS_CODE,
  dbReturnedRows: 'db.response.returned_rows',

  genAiOperation: 'gen_ai.operation.name',
  genAiProvider: 'gen_ai.provider.name',
  genAiWorkflowName: 'gen_ai.workflow.name',
  genAiAgentId: 'gen_ai.agent.id',
  genAiAgentName: 'gen_ai.agent.name',
  genAiAgentVersion: 'gen_ai.agent.version',
  /** The provider as the settings name it. */
  modelProvider: 'domainflow.model.provider',
  genAiConversationId: 'gen_ai.conversation.id',
  genAiOutputType: 'gen_ai.output.type',
  genAiRequestModel: 'gen_ai.request.model',
  genAiRequestTemperature: 'gen_ai.request.temperature',
  genAiRequestTokensMax: 'gen_ai.request.max_tokens',
  genAiResponseId: 'gen_ai.response.id',
  genAiResponseModel: 'gen_ai.response.model',
  genAiFinishReasons: 'gen_ai.response.finish_reasons',
  genAiInputTokens: 'gen_ai.usage.input_tokens',
  genAiOutputTokens: 'gen_ai.usage.output_tokens',
  genAiCachedInputTokens: 'gen_ai.usage.cache_read.input_tokens',
  /** True when nobody counted the tokens, so that their numbers are a guess. */
  genAiUsageEstimated: 'domainflow.usage.estimated',
  genAiToolName: 'gen_ai.tool.name',
  genAiToolType: 'gen_ai.tool.type',
  genAiToolCallId: 'gen_ai.tool.call.id',

  tenantId: 'domainflow.tenant.id',
  principalId: 'domainflow.principal.id',
  domainId: 'domainflow.domain.id',
  domainVersion: 'domainflow.domain.version',
  playbookType: 'domainflow.playbook.type',
  executionId: 'domainflow.execution.id',
  taskId: 'domainflow.task.id',
  taskAttempt: 'domainflow.task.attempt',
  taskStatus: 'domainflow.task.status',
  agentRuntime: 'domainflow.agent.runtime',
  cacheSource: 'domainflow.cache.source',
  inputBytes: 'domainflow.input.bytes',
  inputHash: 'domainflow.input.hash',
  outputBytes: 'domainflow.output.bytes',
  outputHash: 'domainflow.output.hash',
  resumed: 'domainflow.execution.resumed',
  /** `error` on spans of a trace that was not sampled and is told because something in it failed; absent on all others. */
  traceKept: 'domainflow.trace.kept',
} as const;

/** Values of `gen_ai.operation.name`. */
export const GenAiOperation = {
  invokeWorkflow: 'invoke_workflow',
  invokeAgent: 'invoke_agent',
  chat: 'chat',
  executeTool: 'execute_tool',
} as const;

/** `gen_ai.provider.name` of agents: whoever invokes one speaks to this platform. Calls of models name the model's provider. */
export const genAiPlatform = 'domainflow';

/** Values of `gen_ai.tool.type`. */
export type GenAiToolType = 'function' | 'extension' | 'datastore';

/** Values of `gen_ai.output.type` here. */
export type GenAiOutputType = 'json' | 'text';

/** Values of `db.system.name`. */
export const DbSystem = { postgresql: 'postgresql', dynamodb: 'aws.dynamodb' } as const;

/** Values of `rpc.system.name`. */
export const RpcSystem = { connect: 'connectrpc', grpc: 'grpc' } as const;

/** Span names. Each has few possible values: templates, methods and names of definitions, never ids or paths. */
export const spanName = {
  /** `POST /api/v1/reports/{id}`: the method and the route's template. */
  http: (method: string, route: string): string => `${method} ${route}`,
  /** `domainflow.registry.v1.AgentService/GetAgent`. */
  rpc: (service: string, method: string): string => `${service}/${method}`,
  /** `insert orchestrator.events`: what is done and to which table. */
  db: (operation: string, collection: string): string => `${operation} ${collection}`,
  /** `invoke_workflow <playbook>`. */
  invokeWorkflow: (workflow: string): string => `${GenAiOperation.invokeWorkflow} ${workflow}`,
  /** `invoke_agent <agent>`. */
  invokeAgent: (agent: string): string => `${GenAiOperation.invokeAgent} ${agent}`,
  /** `chat <model>`. */
  chat: (model: string): string => `${GenAiOperation.chat} ${model}`,
  /** `execute_tool <tool>`. */
  executeTool: (tool: string): string => `${GenAiOperation.executeTool} ${tool}`,
  /** `call_worker <protocol>`: one call of a remote worker. */
  callWorker: (protocol: string): string => `call_worker ${protocol}`,
  /** `delete <kind>`: a turn of work on a deletion. */
  deletion: (kind: string): string => `delete ${kind}`,
} as const;

/** Prometheus names of all that is measured. */
export const MetricName = {
  rpcServerDuration: 'domainflow_rpc_server_duration_seconds',
  httpServerDuration: 'domainflow_http_server_duration_seconds',

  dbConnectionsActive: 'domainflow_db_connections_active',
  dbConnectionsCreated: 'domainflow_db_connections_created_total',
  dbConnectionsClosed: 'domainflow_db_connections_closed_total',
  dbTransactionDuration: 'domainflow_db_transaction_duration_seconds',
  dbQueryDuration: 'domainflow_db_query_duration_seconds',
  dbConnectionErrors: 'domainflow_db_connection_errors_total',
  dbConnectionsMax: 'domainflow_db_connections_max',
  dbLeaks: 'domainflow_db_leaks_total',
  dbReadFallbacks: 'domainflow_db_read_fallbacks_total',

  dynamodbCommandDuration: 'domainflow_dynamodb_command_duration_seconds',
  dynamodbThrottled: 'domainflow_dynamodb_throttled_attempts_total',

  breakerState: 'domainflow_breaker_state',
  breakerTransitions: 'domainflow_breaker_transitions_total',

  queuedExecutions: 'domainflow_queued_executions',
  oldestQueued: 'domainflow_oldest_queued_seconds',
  workQueuedTasks: 'domainflow_work_queued_tasks',
  workOldestWait: 'domainflow_work_oldest_wait_seconds',
  workRunningAttempts: 'domainflow_work_running_attempts',
  workAssignments: 'domainflow_work_assignments_total',
  workWait: 'domainflow_work_wait_seconds',
  workLostAttempts: 'domainflow_work_lost_attempts_total',
  workers: 'domainflow_workers',

  deletionsWaiting: 'domainflow_deletions_waiting',
  engineEvents: 'domainflow_engine_events_total',
  engineExecutions: 'domainflow_engine_executions',
  engineExecutionsMax: 'domainflow_engine_executions_max',
  engineJournal: 'domainflow_engine_journal_seconds',
  engineTasks: 'domainflow_engine_tasks',
  executionDuration: 'domainflow_execution_duration_seconds',
  executionsSetAside: 'domainflow_executions_set_aside_total',
  httpShed: 'domainflow_http_shed_total',
  invocationsEnded: 'domainflow_invocations_ended_total',
  invocationsJoined: 'domainflow_invocations_joined_total',
  invocationsMax: 'domainflow_invocations_max',
  invocationsRunning: 'domainflow_invocations_running',
  modelBudgetRefusals: 'domainflow_model_budget_refusals_total',
  modelCallDuration: 'domainflow_model_call_duration_seconds',
  modelCalls: 'domainflow_model_calls_total',
  modelSpend: 'domainflow_model_spend_total',
  modelTokens: 'domainflow_model_tokens_total',
  outputCacheComputing: 'domainflow_output_cache_computing',
  outputCacheLooks: 'domainflow_output_cache_looks_total',
  outputCacheWaits: 'domainflow_output_cache_waits_total',
  rateCallers: 'domainflow_rate_callers',
  rateRefusals: 'domainflow_rate_refusals_total',
  rateSettlements: 'domainflow_rate_settlements_total',
  reportIndexLag: 'domainflow_report_index_lag_seconds',
  reportIndexPending: 'domainflow_report_index_pending',
  reportUploadsRemoved: 'domainflow_report_uploads_removed_total',
  taskDuration: 'domainflow_task_duration_seconds',
  taskRetries: 'domainflow_task_retries_total',
  tenantModelSpend: 'domainflow_tenant_model_spend_total',
  tenantModelTokens: 'domainflow_tenant_model_tokens_total',
  wait: 'domainflow_wait_seconds',
} as const;
