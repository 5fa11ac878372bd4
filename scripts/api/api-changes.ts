// What changed between two OpenAPI documents of the same API that its clients would notice. Words for people do not count, nor does what was
// added.
import { type ApiChange, schemaChanges, type Versions } from './schema-changes.ts';
import { resolved, type Schema } from './schema-variants.ts';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** From open to everyone to the highest role. */
const roles: readonly unknown[] = [undefined, 'viewer', 'editor', 'admin'];

interface OperationPlace {
  /** Such as `GET /teams`. */
  readonly line: string;
  readonly documents: Versions<Schema>;
}

/** Every change, in the order of the first document. */
export function apiChanges(documents: Versions<Schema>): readonly ApiChange[] {
  const { before, after } = documents;
  return operationsOf(before).flatMap(([line, path, method]) => {
    const [old, now] = [operationAt(before, path, method), operationAt(after, path, method)];
    if (!old) return [];
    if (!now) return [breaking(line, 'was removed')];
    return operationChanges({ before: old, after: now }, { line, documents });
  });
}

function operationsOf({ paths = {} }: Schema) {
  return Object.entries(paths as Schema).flatMap(([path, item]) =>
    Object.keys(item as Schema)
      .filter((name) => methods.includes(name))
      .map((method) => [`${method.toUpperCase()} ${path}`, path, method] as const),
  );
}

function operationAt({ paths = {} }: Schema, path: string, method: string): Schema | undefined {
  return (paths as Readonly<Record<string, Readonly<Record<string, Schema>>>>)[path]?.[method];
}

function operationChanges(operations: Versions<Schema>, place: OperationPlace): readonly ApiChange[] {
  return [
    ...nameChanges(operations, place),
    ...accessChanges(operations, place),
    ...parameterChanges(operations, place),
    ...bodyChanges(operations, place),
    ...answerChanges(operations, place),
  ];
}

function nameChanges({ before, after }: Versions<Schema>, { line }: OperationPlace): readonly ApiChange[] {
  const [old, now] = [before.operationId, after.operationId];
  return old === now ? [] : [breaking(line, `has the operationId ${now} now, not ${old}`)];
}

function accessChanges({ before, after }: Versions<Schema>, { line }: OperationPlace): readonly ApiChange[] {
  const [role, permission] = ['x-role', 'x-permission'];
  const isStricter = roles.indexOf(after[role]) > roles.indexOf(before[role]);
  const isOther = after[permission] !== undefined && after[permission] !== before[permission];
  return [
    ...(isStricter ? [breaking(line, `needs the role ${after[role]} now`)] : []),
    ...(isOther ? [breaking(line, `needs the permission ${after[permission]} now`)] : []),
  ];
}

function parameterChanges(operations: Versions<Schema>, place: OperationPlace): readonly ApiChange[] {
  const { documents, line } = place;
  const [old, now] = [
    parametersOf(operations.before, documents.before),
    parametersOf(operations.after, documents.after),
  ];
  const added = [...now].filter(
    ([name, { required }]) => required === true && old.get(name)?.required !== true,
  );
  const kept = [...old].flatMap(([name, before]) => {
    const after = now.get(name);
    const subject = `${line}, ${name}`;
    if (!after) return [breaking(subject, 'is not taken any more')];
    const schemas = { before: before.schema as Schema, after: after.schema as Schema };
    return schemaChanges(schemas, { subject, path: '', direction: 'taken', documents });
  });
  return [...added.map(([name]) => breaking(`${line}, ${name}`, 'is required now')), ...kept];
}

function parametersOf({ parameters = [] }: Schema, document: Schema): ReadonlyMap<string, Schema> {
  const all = (parameters as readonly Schema[]).map((each) => resolved(each, document));
  return new Map(all.map((each) => [`${each.in} parameter ${each.name}`, each]));
}

function bodyChanges({ before, after }: Versions<Schema>, place: OperationPlace): readonly ApiChange[] {
  const { documents, line } = place;
  const [old, now] = [before.requestBody, after.requestBody] as readonly (Schema | undefined)[];
  const subject = `${line}, body`;
  const isRequired = now?.required === true && old?.required !== true;
  return [
    ...(isRequired ? [breaking(subject, 'is required now')] : []),
    ...contentChanges({ before: old, after: now }, { subject, path: '', direction: 'taken', documents }),
  ];
}

function answerChanges({ before, after }: Versions<Schema>, place: OperationPlace): readonly ApiChange[] {
  const { documents, line } = place;
  const [old, now] = [before.responses, after.responses] as readonly Schema[];
  return Object.entries(old ?? {}).flatMap(([status, answer]) => {
    const subject = `${line}, answer ${status}`;
    const told = now?.[status];
    // A refusal that cannot come any more hurts nobody.
    if (!told) return status.startsWith('2') ? [breaking(subject, 'is not given any more')] : [];
    const answers = {
      before: resolved(answer as Schema, documents.before),
      after: resolved(told as Schema, documents.after),
    };
    const headers = Object.keys((answers.before.headers ?? {}) as Schema)
      .filter((name) => !(name in ((answers.after.headers ?? {}) as Schema)))
      .map((name) => breaking(`${subject}, header ${name}`, 'is not answered any more'));
    return [...headers, ...contentChanges(answers, { subject, path: '', direction: 'answered', documents })];
  });
}

type ContentPlace = Parameters<typeof schemaChanges>[1];

function contentChanges(
  { before, after }: Versions<Schema | undefined>,
  place: ContentPlace,
): readonly ApiChange[] {
  const [old, now] = [before?.content, after?.content] as readonly (Schema | undefined)[];
  return Object.entries(old ?? {}).flatMap(([type, media]) => {
    const told = now?.[type] as Schema | undefined;
    if (!told) return [breaking(place.subject, `is not ${place.direction} as ${type} any more`)];
    const schemas = { before: (media as Schema).schema as Schema, after: told.schema as Schema };
    return schemaChanges(schemas, place);
  });
}

function breaking(where: string, what: string): ApiChange {
  return { where, what, isBreaking: true };
}
