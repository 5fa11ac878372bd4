// Requests of every RPC, made from the descriptors of their messages: fields that name an object are given names, all others a value of
// their kind. A field that should name something and is not known by name is an error, so that a new kind of object is not left out.
import { create, type DescField, type DescMessage, type Message, ScalarType } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { agentDocument, domainDocument, playbook, toolDocument } from '../e2e/sample-definitions.ts';
import type { Names } from './seed.for-test.ts';

/** Fields of texts that name nothing, and what they are given where just any text would be refused. */
const texts: Readonly<Record<string, string>> = {
  ...{ cursor: '', message_cursor: '', known_hash: '', resume: '', worker_id: 'worker-1', service: '' },
  ...{ model: 'm', provider: 'p', currency: 'USD', version: '1', soft: '1', hard: '2', time_zone: 'UTC' },
  ...{ input_per_million: '1', output_per_million: '1', cached_input_per_million: '1' },
  ...{ status: 'assigned', group_by: 'status', path: 'ingestion_data.urgency', text: 'pothole' },
  ...{ content_type: 'image/png', email: 'a@example.org', endpoint: 'https://worker.example.org/run' },
  ...{ settings_revision: '1', operation_type: '', entity_type: '', candidate_hash: '0'.repeat(64) },
  ...{
    present_hash: '0'.repeat(64),
    input_key: 'text',
    url: 'https://example.org/a.png',
    checksum: '0'.repeat(64),
  },
  ...{ request_id: '', host: '', process_id: '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98' },
  claim_id: '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98',
  ...{ subject: 'subject', tenant_name: 'any town', username: 'anybody', agent_name: 'Any', from: 'a' },
};

const numbers: Readonly<Record<string, number>> = {
  ...{ page: 1, skip: 0, after_seq: 0, limit: 50, west: -179, south: -89, east: 179, north: 89 },
};
const falseFlags = ['preview', 'deleted'];
/** What would narrow a question to nothing, or is not taken beside something else. */
const leftOut = ['matches', 'measure', 'worker', 'work', 'sample', 'after', 'as_of'];
const namesSomething = /(?:_id|_ids|_key|_name|_hash|^id|^name)$/;
const depthMax = 4;
const dayMs = 86_400_000;

/** A request of this type that names what `names` names. Throws for a field of a name or kind that is not known. */
export function requestOf(desc: DescMessage, names: Names): Message {
  return create(desc, valuesOf(desc, { names, top: desc, depth: 0 }) as Parameters<typeof create>[1]);
}

/** True when a request of this type names something under one of these fields. */
export function namesAny({ fields }: DescMessage, wanted: readonly string[]): boolean {
  return fields.some(({ name }) => wanted.includes(name));
}

interface Place {
  readonly names: Names;
  /** The request itself. */
  readonly top: DescMessage;
  readonly depth: number;
}

function valuesOf(desc: DescMessage, place: Place): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const field of desc.fields) {
    if (leftOut.includes(field.name) || (isList(desc) && narrows(field))) continue;
    if (field.oneof && values[field.oneof.localName] !== undefined) continue;
    const value = fieldValue(field, desc, place);
    if (value === undefined) continue;
    if (field.oneof) values[field.oneof.localName] = { case: field.localName, value };
    else values[field.localName] = value;
  }
  return values;
}

function fieldValue(field: DescField, of: DescMessage, place: Place): unknown {
  if (field.fieldKind === 'map') return {};
  if (field.fieldKind === 'enum') return field.enum.values[1]?.number;
  if (field.fieldKind === 'message') return messageValue(field.message, field.name, place);
  if (field.fieldKind === 'scalar') return scalarValue(field, of, place);
  if (field.listKind === 'enum') return [field.enum.values[1]?.number];
  if (field.listKind === 'scalar') return [textValue(singular(field.name), of, place.names)];
  const item = messageValue(field.message, field.name, place);
  return item === undefined ? [] : [item];
}

function isList({ fields }: DescMessage): boolean {
  return fields.some(({ name, fieldKind }) => name === 'page' && fieldKind === 'message');
}

function narrows({ fieldKind, name }: DescField): boolean {
  return fieldKind === 'enum' || name === 'status';
}

function singular(name: string): string {
  return name.replace(/s$/, '');
}

function messageValue(message: DescMessage, name: string, { names, top, depth }: Place): unknown {
  if (message.typeName === 'google.protobuf.Timestamp')
    return timestampFromDate(new Date(Date.now() - (name === 'from' ? dayMs : 0)));
  if (message.typeName === 'google.protobuf.Duration') return { seconds: 10n };
  if (message.typeName === 'google.protobuf.Struct') return documentOf(top, name, names);
  if (message.typeName === 'google.protobuf.Value') return { kind: { case: 'stringValue', value: 'x' } };
  if (message.typeName.startsWith('google.')) throw new Error(`No value is known for ${message.typeName}`);
  return depth < depthMax ? valuesOf(message, { names, top, depth: depth + 1 }) : undefined;
}

function scalarValue(field: DescField & { fieldKind: 'scalar' }, of: DescMessage, { names }: Place): unknown {
  const { name, scalar } = field;
  if (scalar === ScalarType.STRING) return textValue(name, of, names);
  if (scalar === ScalarType.BOOL) return !falseFlags.includes(name);
  if (scalar === ScalarType.BYTES) return Buffer.from(names[name] ?? '00', 'hex');
  if ([ScalarType.DOUBLE, ScalarType.FLOAT, ScalarType.INT32, ScalarType.UINT32].includes(scalar))
    return numbers[name] ?? 1;
  if ([ScalarType.INT64, ScalarType.UINT64].includes(scalar)) return BigInt(numbers[name] ?? 1);
  throw new Error(`No value is known for ${of.typeName}.${name}`);
}

function textValue(name: string, of: DescMessage, names: Names): string {
  const ofWork = isOfWork(of) ? (names[`v2.${workNames[name] ?? name}`] ?? workTexts[name]) : undefined;
  const known = ofWork ?? names[`${of.name}.${name}`] ?? names[name] ?? texts[name] ?? byEnding(name, names);
  if (known !== undefined) return known;
  if (namesSomething.test(name))
    throw new Error(`${of.typeName}.${name} seems to name an object, and none of that name was made`);
  return 'any text';
}

/** What API v2 calls by another name. */
const workNames: Readonly<Record<string, string>> = { worker_id: 'agent_id' };
const workTexts: Readonly<Record<string, string>> = { type: '', capability: '', user_id: '' };

// What is asked of workers, tasks and workflows: some of it has a name that stands for something else elsewhere.
function isOfWork({ file }: DescMessage): boolean {
  return /orchestrator\/v1\/(?:worker|task|workflow)_service$/.test(file.name);
}

// `earlier_job_id` is a job too.
function byEnding(name: string, names: Names): string | undefined {
  const ending = Object.keys(names).find((each) => each.includes('_') && name.endsWith(`_${each}`));
  return ending === undefined ? undefined : names[ending];
}

function documentOf({ name: message }: DescMessage, field: string, names: Names): object {
  const own = { agent_dependencies: [names.agent_id ?? ''], tools: [names.tool_name ?? ''] };
  const graph = playbook([names.agent_id ?? '']);
  if (field === 'candidate') return { playbook: graph };
  if (field !== 'definition') return {};
  if (/Agent/.test(message)) return agentDocument(own);
  if (/Domain/.test(message)) return domainDocument(names.domain_id ?? '', { ingestion_playbook: graph });
  if (/Estimate/.test(message)) return graph;
  if (/Tool/.test(message)) return toolDocument(names.tool_name ?? '');
  if (/Team/.test(message)) return { team_name: 'Any', members: [names.user_id] };
  if (/ApiKey/.test(message)) return { name: 'Any', kind: 'user', permissions: ['health:read'] };
  const row = { input: { text: 'A pothole' }, expected: { urgency: 'moderate' } };
  if (/GoldenSet/.test(message)) return { playbook: 'ingestion', rows: [row] };
  throw new Error(`No document is known for ${message}.definition`);
}
