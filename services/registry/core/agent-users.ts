// Who uses an agent: the playbooks that list it and the agents that depend on it. An agent that is used cannot be deleted.
import { Fault, type Violation } from '../../../foundation/fault/fault.ts';
import { violationsMax } from '../../../foundation/json/document.ts';
import { agentClasses } from './agent.ts';
import type { Domain } from './domain.ts';

const namedInSentence = 3;

/** What may use an agent. */
export interface PossibleUsers {
  /** Domains that need the agent in any way. */
  readonly domains: readonly Domain[];
  /** agent_ids of the agents that depend on it directly. */
  readonly dependents: readonly string[];
}

/** Fault `failed_precondition` that names the users, in its violations the first 100 of them as `used_by[…]`, when there are any. */
export function refuseUsed(agentId: string, { domains, dependents }: PossibleUsers): void {
  const lists = domains.flatMap(({ domainId, playbooks }) =>
    agentClasses
      .filter((playbook) =>
        playbooks[playbook].nodes.some(({ kind, id }) => kind === 'agent' && id === agentId),
      )
      .map((playbook) => `domain ${domainId}, ${playbook} playbook`),
  );
  const users = [...lists, ...dependents.map((dependent) => `agent ${dependent}`)];
  if (users.length === 0) return;
  const violations = users
    .slice(0, violationsMax)
    .map((reason, at): Violation => ({ field: `used_by[${at}]`, reason }));
  const more = users.length > namedInSentence ? `; and ${users.length - namedInSentence} more` : '';
  const named = users.slice(0, namedInSentence).join('; ');
  const sentence = `The agent is in use and cannot be deleted; take it out there first: ${named}${more}`;
  throw new Fault('failed_precondition', sentence, { violations });
}
