// Definitions of agents for tests, as a caller writes them, and what a refusal says.
import { Fault, type Violation } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { RegistryForTest } from '../app.for-test.ts';

/** A definition that keeps all rules, with the changes. */
export function agentDefinition(changes: JsonObject = {}): JsonObject {
  return {
    agent_name: 'Answerer',
    agent_class: 'query',
    system_prompt: 'Answer the question.',
    output_schema: { answer: { type: 'string' } },
    ...changes,
  };
}

/** Stores an agent and answers its agent_id. */
export async function createdAgent(
  { agents, as }: RegistryForTest,
  principal: Principal,
  changes: JsonObject = {},
): Promise<string> {
  const { agent } = await agents.createAgent({ definition: agentDefinition(changes) }, as(principal));
  return agent?.agentId ?? '';
}

/** The fault of a call that fails; an error when it succeeds. */
export async function refusal(call: Promise<unknown>): Promise<Fault> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Fault) return outcome;
  throw new Error('The call was not refused', { cause: outcome });
}

/** What a refusal says of fields, as `field: reason`. */
export function told(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ field, reason }) => `${field}: ${reason}`);
}
