// The named schemas of the API description, in one list.
import type { JsonSchema } from '../core/operation.ts';
import { problemSchema } from '../core/problem-schema.ts';
import { agentRequestSchemas } from './agent-request-schema.ts';
import { agentSchemas } from './agent-schema.ts';
import { apiKeyListSchema, apiKeySchema, newApiKeySchema } from './api-key-schema.ts';
import { approvalRowSchema, approvalSchema } from './approval-schema.ts';
import { auditEntrySchema } from './audit-schema.ts';
import { circuitBreakerSchema } from './circuit-breaker-schema.ts';
import { dataSchemas } from './data-schema.ts';
import { definitionSchemas } from './definition-schema.ts';
import { domainRequestSchemas } from './domain-request-schema.ts';
import { domainSchemas } from './domain-schema.ts';
import { estimateSchemas } from './estimate-schema.ts';
import { eventSchemas } from './event-schema.ts';
import { executionSchemas } from './execution-schema.ts';
import { gateSchemas } from './gate-schema.ts';
import { pointSchema } from './geo-schema.ts';
import { goldenSetSchemas } from './golden-set-schema.ts';
import { paginationSchema } from './page-schema.ts';
import { patchSchema } from './patch-schema.ts';
import { querySchemas } from './query-schema.ts';
import { batchSchemas } from './report-batch-schema.ts';
import { exportSchemas } from './report-export-schema.ts';
import { reportSchemas } from './report-schema.ts';
import {
  messageSchema,
  referenceSchema,
  sessionRowSchema,
  sessionSchema,
  wholeSessionSchema,
} from './session-schema.ts';
import { teamSchema, userSchema } from './team-schema.ts';
import { budgetSchema, tenantSettingsSchema } from './tenant-settings-schema.ts';
import { toolSchemas } from './tool-schema.ts';
import { usageSchema } from './usage-schema.ts';
import { claimedTaskSchema, readWorkTaskSchema, workTaskSchema } from './work-task-schema.ts';
import { readWorkerSchema, workerSchema } from './worker-schema.ts';
import { workflowRowSchema, workflowSchema } from './workflow-schema.ts';

/** Every schema that an operation refers to by name. */
export const apiSchemas: readonly JsonSchema[] = [
  problemSchema,
  paginationSchema,
  pointSchema,
  sessionSchema,
  wholeSessionSchema,
  sessionRowSchema,
  messageSchema,
  referenceSchema,
  ...executionSchemas,
  ...[approvalRowSchema, approvalSchema],
  ...[userSchema, teamSchema],
  ...[apiKeySchema, newApiKeySchema, apiKeyListSchema],
  ...[tenantSettingsSchema, budgetSchema, usageSchema, auditEntrySchema],
  ...reportSchemas,
  ...batchSchemas,
  ...exportSchemas,
  ...dataSchemas,
  ...querySchemas,
  ...eventSchemas,
  patchSchema,
  ...definitionSchemas,
  ...agentSchemas,
  ...agentRequestSchemas,
  ...domainSchemas,
  ...domainRequestSchemas,
  ...goldenSetSchemas,
  ...gateSchemas,
  ...estimateSchemas,
  circuitBreakerSchema,
  ...toolSchemas,
  ...[workerSchema, readWorkerSchema, workTaskSchema, readWorkTaskSchema, claimedTaskSchema],
  ...[workflowRowSchema, workflowSchema],
];
