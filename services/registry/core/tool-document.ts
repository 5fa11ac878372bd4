// Reads a tool that a caller wrote, new or as a change of one that is stored. Whether its name is free is the store's to say.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { type DocumentReader, readDocument } from '../../../foundation/json/document.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { SchemaCompiler } from '../../../foundation/json/schema-compiler.ts';
import type { Network } from '../../../foundation/net/address.ts';
import { outboundUrlProblem, urlLengthMax } from '../../../foundation/net/outbound-url.ts';
import { storedJsonProblem } from './stored-json.ts';
import {
  type AuthMethod,
  authMethods,
  type Tool,
  type ToolContent,
  type ToolEffect,
  type ToolType,
  toolEffects,
  toolTypes,
} from './tool.ts';
import { needsNoCredentials, readCredentials } from './tool-credentials.ts';
import { isToolName } from './tool-name.ts';

const descriptionMax = 500;
const schemaKilobytesMax = 16;
const arn = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12}|aws)?:[\x21-\x7e]+$/;
const changeable = [
  'tool_type',
  'endpoint',
  'auth_method',
  'description',
  'parameters_schema',
  'effect',
  'credentials',
] as const;

/** What an endpoint is judged by where the type cannot be read: what no type allows is told all the same. */
const mostLenientType: ToolType = 'aws_service';

/** What tools are judged by beside their own text. */
export interface ToolRules {
  /** Networks whose private addresses tools may name, and where http will do. */
  readonly networks: readonly Network[];
  readonly schemas: SchemaCompiler;
}

/** A tool to be stored. */
export interface ToolWrite {
  readonly content: ToolContent;
  /** Null for none; undefined for those that are stored. */
  readonly credentials: JsonObject | null | undefined;
}

/** A tool as far as it could be read; without problems it may be stored. */
export interface ToolRead {
  readonly write: ToolWrite;
  readonly problems: readonly Violation[];
}

/** What a document says; undefined for what is absent, null or wrong. */
interface Given {
  readonly toolType: ToolType | undefined;
  readonly endpoint: string | undefined;
  readonly authMethod: AuthMethod | undefined;
  readonly description: string | undefined;
  readonly parametersSchema: JsonObject | undefined;
  readonly effect: ToolEffect | undefined;
}

const blank: ToolContent = {
  toolName: '',
  toolType: 'custom',
  description: '',
  endpoint: '',
  authMethod: 'none',
  parametersSchema: {},
  effect: 'update',
};

/** A new tool. Its name is empty when it has a wrong form. Fields that nobody knows are ignored. */
export function readNewTool(definition: JsonObject, rules: ToolRules): ToolRead {
  const problems: Violation[] = [];
  const doc = readDocument(definition, problems);
  doc.require('tool_name', 'tool_type', 'endpoint', 'auth_method');
  const toolName = readName(doc);
  const given = readGiven(doc, rules.schemas);
  const content = merged(doc, given, { ...blank, toolName });
  checkEndpoint(doc, given, { toolType: given.toolType ?? mostLenientType, networks: rules.networks });
  const credentials = readCredentials(doc, given.authMethod, rules.networks);
  return { write: { content, credentials: credentials ?? null }, problems };
}

/** A stored tool with a change: absent fields stay, null removes optional ones. */
export function readToolChange(definition: JsonObject, tool: Tool, rules: ToolRules): ToolRead {
  const problems: Violation[] = [];
  const doc = readDocument(definition, problems);
  if (!changeable.some((field) => Object.hasOwn(definition, field))) {
    doc.refuse('body', `nothing given: give at least one of ${changeable.join(', ')}`);
  }
  for (const field of ['tool_type', 'endpoint', 'auth_method']) {
    if (doc.isNull(field)) doc.refuse(field, 'must not be null');
  }
  const given = readGiven(doc, rules.schemas);
  const content = merged(doc, given, tool);
  const { authMethod } = content;
  const judged =
    given.endpoint === undefined && given.toolType ? { ...given, endpoint: tool.endpoint } : given;
  const toolType = given.toolType ?? (doc.has('tool_type') ? mostLenientType : tool.toolType);
  checkEndpoint(doc, judged, { toolType, networks: rules.networks });
  const isReadable = given.authMethod !== undefined || !doc.has('auth_method');
  const credentials = readCredentials(doc, isReadable ? authMethod : undefined, rules.networks);
  if (authMethod === tool.authMethod) {
    const isSound = !problems.some(({ field }) => field === 'endpoint' || field === 'tool_type');
    if (isSound && tool.hasCredentials) keepFromOtherHosts(doc, tool.endpoint, content.endpoint);
    return { write: { content, credentials: doc.isNull('credentials') ? null : credentials }, problems };
  }
  if (!needsNoCredentials(authMethod) && !doc.has('credentials')) {
    doc.refuse('credentials', `must be given anew, because auth_method changes to ${authMethod}`);
  }
  return { write: { content, credentials: credentials ?? null }, problems };
}

/** Stored credentials go to the host that they were given for: nobody may learn them by pointing a tool elsewhere. */
function keepFromOtherHosts(doc: DocumentReader, before: string, after: string): void {
  if (hostOf(before) === hostOf(after) || doc.has('credentials') || doc.isNull('credentials')) return;
  doc.refuse('credentials', 'must be given anew, or be null, because the endpoint goes to another host');
}

function hostOf(endpoint: string): string {
  const origin = URL.parse(endpoint)?.origin;
  return origin === undefined || origin === 'null' ? endpoint : origin;
}

function readName(doc: DocumentReader): string {
  const name = doc.text('tool_name', { min: 1, max: 64 }) ?? '';
  if (name === '' || isToolName(name)) return name;
  doc.refuse(
    'tool_name',
    'must begin with a lower-case letter and hold only lower-case letters, digits and _',
  );
  return '';
}

function readGiven(doc: DocumentReader, schemas: SchemaCompiler): Given {
  return {
    toolType: doc.oneOf('tool_type', toolTypes),
    endpoint: doc.text('endpoint', { min: 1, max: urlLengthMax }),
    authMethod: doc.oneOf('auth_method', authMethods),
    description: doc.text('description', { min: 0, max: descriptionMax }),
    parametersSchema: readSchema(doc, schemas),
    effect: doc.oneOf('effect', toolEffects),
  };
}

function readSchema(doc: DocumentReader, schemas: SchemaCompiler): JsonObject | undefined {
  const schema = doc.object('parameters_schema');
  if (!schema) return undefined;
  const problem = storedJsonProblem(schema, schemaKilobytesMax);
  if (problem) doc.refuse('parameters_schema', problem);
  if (problem) return undefined;
  const problems = schemas.problemsOf(schema, 'parameters_schema');
  for (const { field, reason } of problems) doc.refuse(field, reason);
  return problems.length === 0 ? schema : undefined;
}

function merged(doc: DocumentReader, given: Given, base: ToolContent): ToolContent {
  return {
    toolName: base.toolName,
    toolType: given.toolType ?? base.toolType,
    description: given.description ?? (doc.isNull('description') ? '' : base.description),
    endpoint: given.endpoint ?? base.endpoint,
    authMethod: given.authMethod ?? base.authMethod,
    parametersSchema:
      given.parametersSchema ?? (doc.isNull('parameters_schema') ? {} : base.parametersSchema),
    effect: given.effect ?? (doc.isNull('effect') ? blank.effect : base.effect),
  };
}

function checkEndpoint(
  doc: DocumentReader,
  { endpoint }: Given,
  { toolType, networks }: { readonly toolType: ToolType; readonly networks: readonly Network[] },
): void {
  if (endpoint === undefined || (toolType === 'aws_service' && arn.test(endpoint))) return;
  const problem = outboundUrlProblem(endpoint, networks);
  const alternative = toolType === 'aws_service' && !URL.canParse(endpoint) ? ', or an ARN' : '';
  if (problem) doc.refuse('endpoint', problem + alternative);
}
