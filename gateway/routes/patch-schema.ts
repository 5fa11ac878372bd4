// Schema and example of patches as patch-json.ts writes them.
import { PatchSource, PatchStatus } from '../../proto/gen/domainflow/reports/v1/patch_pb.js';
import {
  answerObject,
  flag,
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
import { changedReportExample } from './report-example.ts';

const change = answerObject(
  {
    path: { ...text, description: '`status`, or a path below `management_data`' },
    before: { description: 'Any JSON value; absent where there was none' },
    after: { description: 'Any JSON value; absent where it goes' },
  },
  ['before', 'after'],
);

/** Where patches can stand. */
export const patchStatuses = enumWords(PatchStatus);

/** The part of a path that names a patch. */
export const patchPath = { patch_id: { ...text, description: '`patch_id` of the patch' } };

/** A patch. */
export const patchSchema = namedObject(['Patch', 'A change of one report'], {
  patch_id: publicId('patch'),
  incident_id: publicId('inc'),
  domain_id: text,
  source: oneOf(enumWords(PatchSource)),
  job_id: { ...orNull(publicId('job')), description: "The run that made it; null for a person's" },
  query_id: {
    ...orNull(publicId('qry')),
    description: "The command that it carries out; null for a person's",
  },
  agent_id: { ...textOrNull, description: "Null for a person's" },
  agent_version: { type: ['integer', 'null'], minimum: 1 },
  changes: { ...listOf(change), description: 'Each path once' },
  reason: textOrNull,
  references: { ...listOf(publicId('inc')), description: 'The reports that the change rests on' },
  status: {
    ...oneOf(patchStatuses),
    description: '`conflicted` when the report no longer held what the patch says was there before',
  },
  created_by: { ...text, description: 'Id of the user who made it, or started the run' },
  created_at: time,
  created_by_me: flag,
  decided_by: { ...textOrNull, description: 'Id of the user who decided or reverted it' },
  decided_at: timeOrNull,
  reverts: { ...orNull(publicId('patch')), description: 'The patch that this one takes back' },
  reverted_by: { ...orNull(publicId('patch')), description: 'The patch that took this one back' },
  id: { ...text, format: 'uuid' },
});

const { incident_id, domain_id, patch_id, created_by } = changedReportExample;

/** A patch that waits for a decision. */
export const patchExample = {
  patch_id,
  incident_id,
  domain_id,
  source: 'agent',
  job_id: 'job_019caa7d3e657b4f8f7e5a9d2c1b0a98',
  query_id: 'qry_019caa7d3e647b4f8f7e5a9d2c1b0a98',
  agent_id: 'builtin-management-status-updater',
  agent_version: 1,
  changes: [{ path: 'status', before: 'completed', after: 'in_progress' }],
  reason: 'The command says that the crew is on its way',
  references: [incident_id],
  status: 'proposed',
  created_by,
  created_at: '2026-03-01T10:55:00.000Z',
  created_by_me: true,
  decided_by: null,
  decided_at: null,
  reverts: null,
  reverted_by: null,
  id: '019caa7d-3e63-7b4f-8f7e-5a9d2c1b0a98',
};

/** The same once it is decided. */
export const decidedPatchExample = {
  ...patchExample,
  status: 'applied',
  decided_by: created_by,
  decided_at: '2026-03-01T11:00:00.000Z',
};

/** What takes that one back. */
export const revertingPatchExample = {
  ...decidedPatchExample,
  ...{ patch_id: 'patch_019caa7d3e667b4f8f7e5a9d2c1b0a98', id: '019caa7d-3e66-7b4f-8f7e-5a9d2c1b0a98' },
  ...{ source: 'user', job_id: null, query_id: null, agent_id: null, agent_version: null },
  changes: [{ path: 'status', before: 'in_progress', after: 'completed' }],
  ...{ reason: 'The wrong crew', references: [], reverts: patchExample.patch_id },
  ...{ created_at: '2026-03-01T12:00:00.000Z', decided_at: '2026-03-01T12:00:00.000Z' },
};
