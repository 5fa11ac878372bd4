// Events as they are exported: what happened to which object, in ids and states. Inputs, results and texts of people are no part of them.
import type { JsonObject } from '../../../foundation/json/json.ts';
import { jobIdOf } from './public-id.ts';

/** What events are about; what nobody accepts goes to `dead_letter` with the reason. */
export const exportTopics = ['agent', 'task', 'workflow', 'system', 'dead_letter'] as const;

/** One of the topics. */
export type ExportTopic = (typeof exportTopics)[number];

/** An event. The same happening has the same id, however often it is told. */
export interface ExportEvent {
  readonly id: string;
  readonly topic: ExportTopic;
  /** Such as `task_completed`. */
  readonly type: string;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Absent for what belongs to the platform. */
  readonly tenantId?: string;
  readonly entityType: string;
  /** Public id. */
  readonly entityId: string;
  readonly data: JsonObject;
}

/** What is stored of a happening, by where it is stored. Times are milliseconds since the Unix epoch, ids UUIDs. */
export type Happening =
  | {
      readonly source: 'entries';
      readonly tenantId: string;
      readonly id: string;
      readonly atMs: number;
      readonly operation: string;
      readonly entityType: string;
      readonly entityId: string;
      readonly status: string;
      readonly details: JsonObject;
      readonly userId: string;
    }
  | {
      readonly source: 'tasks';
      readonly tenantId: string;
      readonly id: string;
      readonly atMs: number;
      readonly status: string;
      /** `task`, `workflow` or `playbook`. */
      readonly scope: string;
      readonly type: string;
      readonly attempt: number;
      /** Empty for none. */
      readonly errorCode: string;
      readonly workerId?: string;
      readonly workflowId?: string;
      readonly executionId?: string;
    }
  | {
      readonly source: 'runs';
      readonly tenantId: string;
      readonly id: string;
      readonly atMs: number;
      readonly status: string;
      readonly kind: string;
      /** Empty for none. */
      readonly domainId: string;
      readonly isPartial: boolean;
    }
  | {
      readonly source: 'workers';
      readonly tenantId: string;
      readonly id: string;
      readonly atMs: number;
      readonly status: string;
      readonly type: string;
      readonly isActive: boolean;
    };

const topicOfEntity: Readonly<Record<string, ExportTopic>> = {
  worker: 'agent',
  task: 'task',
  workflow: 'workflow',
};

/** The event of something that is stored. */
export function exportEventOf(happening: Happening): ExportEvent {
  const { source, tenantId, id, atMs } = happening;
  const common = { id: `${source}:${id}:${atMs}`, tenantId, atMs };
  if (source === 'entries') {
    const { operation, entityType, entityId, status, details, userId } = happening;
    const topic = topicOfEntity[entityType] ?? 'system';
    return {
      ...common,
      topic,
      type: operation,
      entityType,
      entityId,
      data: { status, user_id: userId, details },
    };
  }
  if (source === 'tasks') return { ...common, ...taskEnd(happening) };
  if (source === 'runs') {
    const { status, kind, domainId, isPartial } = happening;
    const data = { kind, status, partial: isPartial, ...(domainId === '' ? {} : { domain_id: domainId }) };
    const what = { type: `execution_${status}`, entityType: 'execution', entityId: jobIdOf(id) };
    return { ...common, topic: 'workflow', ...what, data };
  }
  const { status, type, isActive } = happening;
  const data = { status, type, is_active: isActive };
  return { ...common, topic: 'agent', type: 'agent_changed', entityType: 'worker', entityId: id, data };
}

function taskEnd(task: Extract<Happening, { source: 'tasks' }>) {
  const { id, status, scope, type, attempt, errorCode, workerId, workflowId, executionId } = task;
  return {
    topic: 'task',
    type: `task_${status}`,
    entityType: 'task',
    entityId: id,
    data: {
      ...{ status, scope, type, attempt },
      ...(errorCode === '' ? {} : { error_code: errorCode }),
      ...(workerId === undefined ? {} : { agent_id: workerId }),
      ...(workflowId === undefined ? {} : { workflow_id: workflowId }),
      ...(executionId === undefined ? {} : { job_id: jobIdOf(executionId) }),
    },
  } as const;
}

/** The event of a service whose health is not what it was told to be last. */
export function serviceHealthEvent(service: string, status: string, atMs: number): ExportEvent {
  return {
    id: `services:${service}:${atMs}`,
    topic: 'system',
    type: 'service_health_changed',
    atMs,
    entityType: 'service',
    entityId: service,
    data: { status },
  };
}

/** The event that says that another one was refused for good. */
export function deadLetter(event: ExportEvent, reason: string): ExportEvent {
  return {
    ...event,
    id: `dead_letter:${event.id}`,
    topic: 'dead_letter',
    type: 'event_refused',
    data: { reason, event: exportedForm(event) },
  };
}

/** The event as it is written. */
export function exportedForm({
  id,
  type,
  atMs,
  tenantId,
  entityType,
  entityId,
  data,
}: ExportEvent): JsonObject {
  return {
    id,
    type,
    time: new Date(atMs).toISOString(),
    tenant_id: tenantId ?? null,
    entity_type: entityType,
    entity_id: entityId,
    data,
  };
}

/** Events of one object have the same key, so that a broker keeps their order. */
export function exportKey({ tenantId, entityId }: ExportEvent): string {
  return `${tenantId ?? 'platform'}:${entityId}`;
}
