// What tests of steering, deciding and repeating ask of a running orchestrator: runs that stand where a test wants them.
import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { TimeoutDecision } from '../../../proto/gen/domainflow/registry/v1/domain_pb.js';
import { type Plan, PlanNodeSchema, PlanSchema } from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';
import type { TestOrchestrator } from '../app.for-test.ts';
import { executionIdOf } from '../core/public-id.ts';
import { type Graph, planMessageOf } from '../engine/pinned-plan.for-test.ts';

/** What an approval of a test asks. */
export interface AskedApproval {
  readonly roles?: readonly string[];
  readonly timeoutS?: number;
  readonly onTimeout?: TimeoutDecision;
}

/** A plan of agents and of approvals, whose nodes begin with `approval-`. */
export function planWithApprovals(graph: Graph, asked: AskedApproval = {}): Plan {
  const { roles = [], timeoutS = 3_600, onTimeout = TimeoutDecision.REJECT } = asked;
  const plan = planMessageOf(graph);
  const nodes = plan.nodes.map((node) => {
    if (!node.nodeId.startsWith('approval-')) return node;
    const value = { prompt: `May it go on at ${node.nodeId}?`, roles: [...roles], timeoutS, onTimeout };
    const { nodeId, parents } = node;
    return create(PlanNodeSchema, { nodeId, parents, kind: { case: 'approval', value } });
  });
  const hash = createHash('sha256')
    .update(JSON.stringify([graph, asked]))
    .digest('hex');
  return create(PlanSchema, { ...plan, nodes, hash });
}

/** The execution of a `job_` id. */
export function keyOf(jobId: string): { readonly id: string } {
  return { id: executionIdOf(jobId) ?? '' };
}

/** Submits a report in a domain; answers its run and its document. */
export function submit(
  { executions, as }: Pick<TestOrchestrator, 'executions' | 'as'>,
  person: Principal,
  domainId = 'city',
) {
  return executions.startIngestion({ domainId, text: 'A pothole', source: 'web' }, as(person));
}

/** Asks a question in a new session. */
export function ask(
  { executions, as, neighbours }: Pick<TestOrchestrator, 'executions' | 'as' | 'neighbours'>,
  person: Principal,
  domainId = 'city',
) {
  const sessionId = prefixedId('sess_', newId());
  neighbours.sessions.set(sessionId, { tenantId: person.tenantId, userId: person.userId });
  return executions.startQuery({ sessionId, domainId, question: 'How many?' }, as(person));
}

/** The types of a run's journal, in order. */
export async function journalOf(
  { stores }: Pick<TestOrchestrator, 'stores'>,
  { tenantId }: Principal,
  jobId: string,
): Promise<string[]> {
  const entries = await stores.executions.readJournal(tenantId, keyOf(jobId).id);
  return entries.map(({ event }) => event.type);
}

/** Commands that wait for anybody. */
export async function waitingCommands({ stores }: Pick<TestOrchestrator, 'stores'>): Promise<number> {
  const { rows } = await stores.admin.query('select count(*)::int as waiting from orchestrator.commands');
  return rows[0]?.waiting;
}
