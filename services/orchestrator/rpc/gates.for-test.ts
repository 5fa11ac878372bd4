// Gates of tests: a golden set of so many rows, and agents that answer by their names.

import { create } from '@bufbuild/protobuf';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { pause } from '../../../local/pause.for-test.ts';
import { type Gate, GateStatus } from '../../../proto/gen/domainflow/orchestrator/v1/gate_pb.js';
import { AgentSettingsSchema } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { Plan } from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';
import type { TestOrchestrator } from '../app.for-test.ts';
import type { Neighbours } from '../clients/neighbours.for-test.ts';
import type { GateThresholds } from '../core/gate.ts';
import { planMessageOf } from '../engine/pinned-plan.for-test.ts';

/** Prepares a golden set `basics` of `city` whose rows expect `n` for the question `n`; the candidate runs `good`, the present `bad`. */
export function prepareGolden(
  { neighbours }: Pick<TestOrchestrator, 'neighbours'>,
  rows: number,
  thresholds: GateThresholds = { precision: 0.9, recall: 0.9 },
): void {
  neighbours.plans.set('candidate', cachedPlan('good'));
  neighbours.plans.set('city', cachedPlan('bad'));
  neighbours.goldenSets.set('basics', {
    rows: Array.from({ length: rows }, (_, at) => ({
      input: { question: `${at}` },
      expected: { answer: `${at}` },
    })),
    thresholds: { ...thresholds },
  });
}

/** A plan of one agent whose outputs serve other runs, where they may. */
function cachedPlan(agentId: string): Plan {
  const plan = planMessageOf({ [agentId]: [] });
  for (const { kind } of plan.nodes) {
    if (kind.case === 'agent') kind.value.settings = create(AgentSettingsSchema, { cacheTtlS: 3_600 });
  }
  return plan;
}

/** An attempt as an agent was asked for it. */
export interface AskedAttempt {
  readonly jobId: string;
  readonly agentId: string;
  readonly question: string;
  readonly capability: string;
  readonly writeTarget: string;
}

/** Agents that answer the question itself, `bad` ones an even question only, each after it was let go. Answers what was asked. */
export function answerGolden(
  neighbours: Neighbours,
  letGo: (asked: AskedAttempt) => Promise<void> = async () => undefined,
): readonly AskedAttempt[] {
  const all: AskedAttempt[] = [];
  neighbours.invoke = async function* ({ agent, input, jobId }, context) {
    const { capability = '', writeTarget = '' } = principalOf(context).run ?? {};
    const [agentId, question] = [agent?.agentId ?? '', String(input?.question)];
    const asked = { jobId, agentId, question, capability, writeTarget };
    all.push(asked);
    const aborted = new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()));
    await Promise.race([letGo(asked), aborted]);
    const isKnown = agentId === 'good' || Number(question) % 2 === 0;
    const output = { answer: isKnown ? question : 'unknown' };
    yield {
      event: { case: 'result', value: { output, confidence: 0.9, reasoning: '', runtime: 'builtin' } },
    };
  };
  return all;
}

/** Starts a gate of `city`. */
export async function startGate(
  { gates, as }: Pick<TestOrchestrator, 'gates' | 'as'>,
  admin: Principal,
): Promise<string> {
  const asked = { domainId: 'city', goldenSet: 'basics', candidate: { version: 1 } };
  return (await gates.startGate(asked, as(admin))).gate?.gateId ?? '';
}

/** The gate as soon as it fits; asked again and again. */
export async function gateWhen(
  { gates, as }: Pick<TestOrchestrator, 'gates' | 'as'>,
  { admin, gateId }: { readonly admin: Principal; readonly gateId: string },
  fits: (gate: Gate) => boolean = ({ status }) => status !== GateStatus.RUNNING,
): Promise<Gate> {
  for (;;) {
    const { gate } = await gates.getGate({ domainId: 'city', gateId }, as(admin));
    if (gate && fits(gate)) return gate;
    await pause();
  }
}
