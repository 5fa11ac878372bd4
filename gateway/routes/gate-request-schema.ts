// What is sent to start a gate. The candidate describes: the registry judges it, so that all its problems are told at once.
import { named } from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { agentIdSchema } from './definition-schema.ts';
import { domainExample } from './domain-schema.ts';

const version = { type: 'integer', minimum: 1, maximum: 999_999_999 };

const form = (properties: Readonly<Record<string, JsonSchema>>, description: string): JsonSchema => ({
  ...{ type: 'object', required: Object.keys(properties), properties, description },
});

/** What is compared. */
export const candidateSchema: JsonSchema = {
  description: 'One of these forms; it is judged exactly as its save would be',
  anyOf: [
    form({ playbook: named('NewPlaybook') }, 'A playbook in the place of the one that the set measures'),
    form(
      {
        agent: {
          allOf: [
            { type: 'object', required: ['agent_id'], properties: { agent_id: agentIdSchema } },
            named('AgentChanges'),
          ],
        },
      },
      'An agent with what would change of it',
    ),
    form({ agent_id: agentIdSchema, version }, 'An earlier version of an agent'),
    form({ version }, 'An earlier version of the domain'),
  ],
};

/** New gates, by each form of the candidate. */
export const newGateExamples = [
  { playbook: domainExample.ingestion_playbook },
  {
    agent: {
      agent_id: 'agent-019caa7d3e5f7b4f8f7e5a9d2c1b0a98',
      system_prompt: 'Rate from 1 to 5 how bad the damage is. Say 1 where nobody is hindered.',
    },
  },
  { agent_id: 'agent-019caa7d3e5f7b4f8f7e5a9d2c1b0a98', version: 1 },
  { version: 1 },
].map((candidate) => ({ golden_set: 'basics', candidate }));
