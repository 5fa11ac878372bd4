// Reads a worker that a caller described, new or as a change of one that is kept. Whether its name is free is the store's to say, and what its
// endpoint resolves to is judged when it is called.
import { type DocumentReader, readDocument } from '../../../../foundation/json/document.ts';
import type { JsonObject } from '../../../../foundation/json/json.ts';
import type { Network } from '../../../../foundation/net/address.ts';
import { outboundUrlProblem, urlLengthMax } from '../../../../foundation/net/outbound-url.ts';
import {
  type BodyProblems,
  nameLength,
  noProblems,
  readCapabilities,
  readLabel,
  readMetadata,
} from './work-document.ts';
import { type WorkerContent, type WorkerType, workerProtocols, workerTypeOf, workerTypes } from './worker.ts';

/** Seconds between signs of life. */
export const healthCheckIntervalS = { min: 10, max: 3_600, usual: 60 } as const;
/** Tasks that a worker takes at the same time. */
export const concurrentTasks = { min: 1, max: 100, usual: 5 } as const;

const versionLengthMax = 100;
const fields = [
  'type',
  'name',
  'protocol',
  'endpoint',
  'capabilities',
  'version',
  'metadata',
  'health_check_interval',
  'max_concurrent_tasks',
] as const;
const nameForm = /^[\p{L}\p{M}\p{Nd} _\-.,()]+$/u;
// The grammar of semver.org: no number begins with a zero, apart from zero itself and from text after the plus.
const versionForm =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-z-][\da-z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-z-][\da-z-]*))*)?(?:\+[\da-z-]+(?:\.[\da-z-]+)*)?$/i;

/** A worker as far as it could be read; without problems it may be kept. */
export interface WorkerRead {
  readonly content: WorkerContent;
  readonly problems: BodyProblems;
}

const blank: WorkerContent = {
  type: 'custom',
  name: '',
  protocol: 'http',
  endpoint: '',
  capabilities: [],
  version: '',
  metadata: {},
  healthCheckIntervalS: healthCheckIntervalS.usual,
  maxConcurrentTasks: concurrentTasks.usual,
};

/** A new worker; `networks` are those whose private addresses endpoints may name. Fields that nobody knows are ignored. */
export function readNewWorker(document: JsonObject, networks: readonly Network[]): WorkerRead {
  const problems = noProblems();
  const doc = readDocument(document, problems.wrong);
  doc.require('type', 'name');
  const content = merged(doc, blank, problems);
  checkEndpoint(doc, content, networks);
  return { content, problems };
}

/** A kept worker with a change: absent fields stay, null stands for what an absent field of a new worker does. */
export function readWorkerChange(
  document: JsonObject,
  worker: WorkerContent,
  networks: readonly Network[],
): WorkerRead {
  const problems = noProblems();
  const doc = readDocument(document, problems.wrong);
  if (!fields.some((field) => Object.hasOwn(document, field))) {
    doc.refuse('body', `nothing given: give at least one of ${fields.join(', ')}`);
  }
  for (const field of ['type', 'name']) if (doc.isNull(field)) doc.refuse(field, 'must not be null');
  const content = merged(doc, worker, problems);
  // An endpoint is judged where it is given, or where the protocol begins to need one.
  if (doc.has('endpoint') || doc.isNull('endpoint') || doc.has('protocol')) {
    checkEndpoint(doc, content, networks);
  }
  return { content, problems };
}

function merged(doc: DocumentReader, before: WorkerContent, problems: BodyProblems): WorkerContent {
  const given = <T>(field: string, value: T | undefined, old: T, absent: T): T =>
    value ?? (doc.isNull(field) ? absent : old);
  const capabilities = readCapabilities(doc, 'capabilities', problems);
  const interval = doc.integer('health_check_interval', healthCheckIntervalS);
  const places = doc.integer('max_concurrent_tasks', concurrentTasks);
  const protocol = doc.oneOf('protocol', workerProtocols);
  const metadata = readMetadata(doc, 'metadata', problems);
  const endpoint = doc.text('endpoint', { min: 0, max: urlLengthMax });
  return {
    type: readType(doc) ?? before.type,
    name: readName(doc, problems) ?? before.name,
    protocol: given('protocol', protocol, before.protocol, blank.protocol),
    endpoint: given('endpoint', endpoint, before.endpoint, ''),
    capabilities: given('capabilities', capabilities, before.capabilities, []),
    version: given('version', readVersion(doc), before.version, ''),
    metadata: given('metadata', metadata, before.metadata, {}),
    healthCheckIntervalS: given(
      'health_check_interval',
      interval,
      before.healthCheckIntervalS,
      blank.healthCheckIntervalS,
    ),
    maxConcurrentTasks: given(
      'max_concurrent_tasks',
      places,
      before.maxConcurrentTasks,
      blank.maxConcurrentTasks,
    ),
  };
}

function readType(doc: DocumentReader): WorkerType | undefined {
  const word = doc.text('type', { min: 0, max: nameLength.max });
  const type = word === undefined ? undefined : workerTypeOf(word);
  if (word !== undefined && !type) doc.refuse('type', `must be one of ${workerTypes.join(', ')}`);
  return type;
}

function readName(doc: DocumentReader, problems: BodyProblems): string | undefined {
  const name = readLabel(doc, { field: 'name', length: nameLength, problems });
  if (name === undefined || nameForm.test(name)) return name;
  doc.refuse('name', 'must hold only letters, digits, spaces and _ - . , ( )');
  return undefined;
}

function readVersion(doc: DocumentReader): string | undefined {
  const version = doc.text('version', { min: 0, max: versionLengthMax });
  if (!version || versionForm.test(version)) return version;
  doc.refuse('version', 'must be a semantic version such as 1.4.0');
  return undefined;
}

// What was given and could not be read is told already.
function checkEndpoint(
  doc: DocumentReader,
  { protocol, endpoint }: WorkerContent,
  networks: readonly Network[],
): void {
  if (doc.refused('endpoint') || doc.refused('protocol')) return;
  if (endpoint === '') {
    if (protocol !== 'pull') doc.refuse('endpoint', `is required for protocol ${protocol}`);
    return;
  }
  const problem = outboundUrlProblem(endpoint, networks);
  if (problem) doc.refuse('endpoint', problem);
  else if (endpoint.includes('?')) doc.refuse('endpoint', 'must not have a query (?…)');
}
