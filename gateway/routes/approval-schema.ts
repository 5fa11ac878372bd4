// Schemas and examples of approvals.
import { roles } from '../../foundation/identity/role.ts';
import { ApprovalStatus } from '../../proto/gen/domainflow/orchestrator/v1/approval_pb.js';
import {
  freeObject,
  listOf,
  namedObject,
  oneOf,
  orNull,
  publicId,
  text,
  textOrNull,
  time,
  timeOrNull,
} from '../core/answer-schema.ts';
import { enumWords } from './enum-words.ts';

const rowProperties = {
  job_id: publicId('job'),
  task_id: text,
  node_id: text,
  domain_id: textOrNull,
  prompt: { ...text, description: 'What is asked' },
  roles: { ...listOf(oneOf(roles)), description: 'Who may decide: any of these' },
  status: oneOf(enumWords(ApprovalStatus)),
  requested_at: time,
  expires_at: { ...time, description: 'When time decides' },
  decided_by: {
    ...textOrNull,
    description: 'Id of the user who decided; null when time did, and until then',
  },
  decided_at: timeOrNull,
  comment: textOrNull,
};

/** An approval in a list. */
export const approvalRowSchema = namedObject(['ApprovalRow', 'An approval in a list'], rowProperties);

/** An approval with what it rests on. */
export const approvalSchema = namedObject(['Approval', 'A decision of a person that a run waits for'], {
  ...rowProperties,
  inputs: {
    ...orNull(freeObject),
    description: 'Outputs of the tasks that it rests on, by node id; null when the run is not kept any more',
  },
});

/** An approval in a list. */
export const approvalRowExample = {
  job_id: 'job_019caa7d3e5f7b4f8f7e5a9d2c1b0a98',
  ...{ task_id: 'task_2', node_id: 'approval-budget', domain_id: 'civic_complaints' },
  ...{ prompt: 'Send a crew tonight?', roles: ['admin'], status: 'waiting' },
  requested_at: '2026-03-01T10:00:00.000Z',
  expires_at: '2026-03-02T10:00:00.000Z',
  ...{ decided_by: null, decided_at: null, comment: null },
};

/** An approval that was given. */
export const approvalExample = {
  ...approvalRowExample,
  status: 'approved',
  decided_by: '5b8f3c52-7d1e-5b43-9c0e-2f6a1d9e4b07',
  decided_at: '2026-03-01T11:00:00.000Z',
  comment: 'Within budget',
  inputs: { 'agent-019caa7d3e5f7b4f8f7e5a9d2c1b0a98': { cost: 700 } },
};
