// Imports workflows, those that one depends on before it.
import { type Fault, invalidArgument } from '../../foundation/fault/fault.ts';
import { nextFiringMs, readCron } from '../../services/orchestrator/core/work/cron.ts';
import type { WorkflowDocument } from '../../services/orchestrator/core/work/workflow.ts';
import { readWorkflow } from '../../services/orchestrator/core/work/workflow-document.ts';
import { createPostgresWorkflowStore } from '../../services/orchestrator/store/postgres-workflow-store.ts';
import type { Imported } from './import-records.ts';
import { type ImportedKey, type InsertParts, isThere, writerOf } from './insert-parts.ts';
import type { LegacyRecord } from './legacy-record.ts';
import { importedId, mapWorkflow } from './map-legacy.ts';

/** Workflows that one depends on are inserted before it, wherever they stand; they count when they are met. */
export function insertWorkflow({
  postgres,
  tenantId,
  clock,
  find,
  principal,
}: InsertParts): (record: LegacyRecord) => Promise<Imported> {
  const workflows = createPostgresWorkflowStore(postgres);
  const early = new Set<string>();
  const create = (key: ImportedKey, document: WorkflowDocument) => {
    const createdAtMs = clock();
    const { tasks, dependencies, schedule = '' } = document;
    const reading = readCron(schedule);
    const nextFireAtMs = 'problem' in reading ? undefined : nextFiringMs(reading.schedule, createdAtMs);
    const firing = nextFireAtMs === undefined ? {} : { nextFireAtMs };
    return workflows.create(
      { ...key, document, principal, createdAtMs, ...firing },
      {
        ...{
          operation: 'workflow_creation',
          entityType: 'workflow',
          entityId: key.id,
          ...writerOf(principal),
        },
        message: 'Imported a workflow',
        details: { tasks: tasks.length, dependencies: [...dependencies], imported: true },
      },
    );
  };
  const insert = async (record: LegacyRecord, under: readonly string[]): Promise<Imported> => {
    const { id, body } = await mapWorkflow(tenantId, record, (taskId) => find('tasks', taskId));
    const document = readWorkflow(body);
    const key = { tenantId, id };
    if (await isThere(postgres, 'workflows', key)) return early.delete(id) ? 'inserted' : 'skipped';
    for (const dependency of dependenciesOf(record)) {
      if (under.includes(dependency) || dependency === record.id) continue; // a cycle: it is refused below
      const found = await find('workflows', dependency);
      const inserted = found && (await insert(found, [...under, record.id]));
      if (inserted === 'inserted') early.add(importedId(tenantId, 'workflows', dependency));
    }
    const created = await create(key, document);
    if (created.type === 'unknown_dependencies') throw unknownDependencies(created.places);
    return created.type === 'created' ? 'inserted' : 'skipped';
  };
  return (record) => insert(record, []);
}

function dependenciesOf({ fields }: LegacyRecord): readonly string[] {
  return Array.isArray(fields.dependencies) ? fields.dependencies.map(String) : [];
}

function unknownDependencies(places: readonly number[]): Fault {
  return invalidArgument(
    places.map((place) => ({ field: `dependencies[${place}]`, reason: 'must be a workflow of the tenant' })),
  );
}
