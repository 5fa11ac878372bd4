// What tests of deletions ask of a running orchestrator: objects to delete, and the turns of time that nobody wants to wait for.

import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { pause } from '../../../local/pause.for-test.ts';
import type { TestOrchestrator } from '../app.for-test.ts';
import type { DeletionKind } from '../core/deletion.ts';

/** Longer than any wait of a test that passes. */
const waitMsMax = 8_000;

const prefixes = { report: 'inc_', session: 'sess_', query: 'qry_' } as const;

/** An object of this person, with so many parts to purge; for a report also so many references of answers. */
export function objectOf(
  { neighbours }: TestOrchestrator,
  kind: DeletionKind,
  { tenantId, userId }: Principal,
): string {
  const subjectId = prefixedId(prefixes[kind], newId());
  const open = { jobId: 'job_1', status: 'completed', error: '', result: undefined } as const;
  if (kind === 'session') neighbours.sessions.set(subjectId, { tenantId, userId });
  else neighbours.documents.set(subjectId, { tenantId, userId, ...open });
  neighbours.parts.set(subjectId, 3);
  if (kind === 'report') neighbours.parts.set(`references ${subjectId}`, 2);
  return subjectId;
}

/** Deletes an object by its RPC. */
export async function deleteObject(
  { deletions, as }: Pick<TestOrchestrator, 'deletions' | 'as'>,
  subjectId: string,
  person: Principal,
): Promise<void> {
  const options = as(person);
  if (subjectId.startsWith('inc_')) await deletions.deleteReport({ incidentId: subjectId }, options);
  else if (subjectId.startsWith('sess_')) await deletions.deleteSession({ sessionId: subjectId }, options);
  else await deletions.deleteQuery({ queryId: subjectId }, options);
}

/** Why a call was refused; undefined when it was answered. */
export async function reasonOf(call: Promise<unknown>): Promise<string | undefined> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined || error instanceof Fault) return error?.reason;
  throw error;
}

/** Methods that were called for an object, in order. */
export function methodsFor({ neighbours }: TestOrchestrator, subjectId: string): string[] {
  return neighbours.deletionCalls.filter((call) => call.subjectId === subjectId).map(({ method }) => method);
}

/** How a deletion is recorded; undefined once it is over. */
export async function recordedFor(
  { stores }: TestOrchestrator,
  subjectId: string,
): Promise<
  { readonly passes: number; readonly claim: string | null; readonly attempts: number } | undefined
> {
  const { rows } = await stores.admin.query(
    'select passes, claim, attempts from orchestrator.deletions where subject_id = $1',
    [subjectId],
  );
  return rows[0];
}

/** Looks again and again; resolves once what is looked for is there. */
export async function until(look: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + waitMsMax;
  while (!(await look())) {
    if (performance.now() > endMs) throw new Error('it never came');
    await pause(); // what is looked for may be made by this very process
  }
}

/** Resolves once the deletion has ended this pass and is nobody's, or is over after its last one. */
export function untilPassed(app: TestOrchestrator, subjectId: string, pass: number): Promise<void> {
  return until(async () => {
    const row = await recordedFor(app, subjectId);
    return !row || (row.passes >= pass && row.claim === null);
  });
}

/** Lets all waits and claims run out again and again; resolves once the deletion is over. */
export function untilOver(app: TestOrchestrator, subjectId: string): Promise<void> {
  return until(async () => {
    await makeDue(app);
    return (await recordedFor(app, subjectId)) === undefined;
  });
}

/** Resolves once so many turns of the deletion have failed. */
export function untilFailed(app: TestOrchestrator, subjectId: string, attempts: number): Promise<void> {
  return until(async () => (await recordedFor(app, subjectId))?.attempts === attempts);
}

/** Makes everything due that waits, be it for a claim to run out. */
export async function makeDue({ stores }: TestOrchestrator): Promise<void> {
  await stores.admin.query('update orchestrator.deletions set next_at = clock_timestamp()');
}
