// Reads what a worker says in a sign of life.
import { isUuid } from '../../../../foundation/ids/ids.ts';
import { type DocumentReader, readDocument } from '../../../../foundation/json/document.ts';
import type { JsonObject } from '../../../../foundation/json/json.ts';
import { plainTextProblem } from '../../../../foundation/json/plain-text.ts';
import { type BodyProblems, noProblems } from './work-document.ts';
import type { SignOfLife } from './worker.ts';

const statuses = ['idle', 'busy', 'offline'] as const;
/** Tasks that one sign of life names. */
export const runningTasksMax = 1_000;
/** Characters of figures as JSON. */
export const metricsCharactersMax = 5_000;

/** A sign of life as far as it could be read; without problems it may be kept. */
export interface SignRead {
  readonly sign: SignOfLife;
  readonly problems: BodyProblems;
}

/** Every field may be absent, and null stands for that. Fields that nobody knows are ignored. */
export function readSign(document: JsonObject): SignRead {
  const problems = noProblems();
  const doc = readDocument(document, problems.wrong);
  const status = doc.oneOf('status', statuses);
  const metrics = readMetrics(doc);
  const runningTaskIds = readTaskIds(doc, problems);
  const sign = {
    ...(status && { status }),
    ...(metrics && { metrics }),
    ...(runningTaskIds && { runningTaskIds }),
  };
  return { sign, problems };
}

function readMetrics(doc: DocumentReader): JsonObject | undefined {
  const metrics = doc.object('metrics');
  if (!metrics) return undefined;
  const unplain = plainTextProblem(metrics, 'metrics');
  if (unplain) doc.refuse(unplain.field, unplain.reason);
  if ([...JSON.stringify(metrics)].length <= metricsCharactersMax) return metrics;
  doc.refuse('metrics', `must have at most ${metricsCharactersMax} characters as JSON`);
  return undefined;
}

/** Each once. What is no UUID makes the whole sign malformed, as ids elsewhere do. */
function readTaskIds(doc: DocumentReader, problems: BodyProblems): readonly string[] | undefined {
  const field = 'running_task_ids';
  const items = doc.list(field, runningTasksMax);
  if (!items) return undefined;
  const ids = new Set<string>();
  for (const [at, item] of items.entries()) {
    if (typeof item === 'string' && isUuid(item)) ids.add(item.toLowerCase());
    else problems.suspicious.push({ field: doc.pathOf(`${field}[${at}]`), reason: 'must be a UUID' });
  }
  return [...ids];
}
