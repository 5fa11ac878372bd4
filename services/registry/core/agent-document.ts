// What an agent is as a document of its fields: read from what a caller wrote, field by field over what was there before, and written
// for versions to be compared and hashed. Rules about other agents, tools and playbooks are not judged here.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { type DocumentReader, readDocument, textProblem } from '../../../foundation/json/document.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { SchemaCompiler } from '../../../foundation/json/schema-compiler.ts';
import { type Agent, type AgentClass, agentClasses } from './agent.ts';
import { readAgentSettings, settingsDocument } from './agent-settings.ts';
import type { DefinitionLimits } from './limits.ts';
import { outputSchemaProblems } from './output-schema.ts';

const changeable = [
  'agent_name',
  'system_prompt',
  'tools',
  'agent_dependencies',
  'output_schema',
  'description',
  'enabled',
  'settings',
] as const;

const indelible = ['agent_name', 'system_prompt', 'output_schema', 'enabled'] as const;

const toolNames = { itemsMax: 20, length: { min: 1, max: 200 } };
const agentIds = { itemsMax: 20, length: { min: 1, max: 100 } };

/** What one version of an agent may say otherwise than the one before. */
export type AgentContent = Pick<
  Agent,
  | 'agentName'
  | 'systemPrompt'
  | 'tools'
  | 'agentDependencies'
  | 'outputSchema'
  | 'description'
  | 'enabled'
  | 'settings'
>;

/** What fields are judged by. */
export interface AgentRules {
  readonly limits: DefinitionLimits;
  readonly schemas: SchemaCompiler;
}

/** A name in a list of the document, at its path. */
export interface NamedItem {
  readonly field: string;
  readonly name: string;
}

/** What a document says. */
export interface AgentRead {
  /** To be stored only if there are no problems: a field that is wrong is here as it was before. */
  readonly content: AgentContent;
  readonly problems: readonly Violation[];
  /** The tools that the document names, each once, those left out that are no names; undefined when it says nothing about tools. */
  readonly tools: readonly NamedItem[] | undefined;
  /** Likewise the agents it depends on. */
  readonly dependencies: readonly NamedItem[] | undefined;
}

const blank: AgentContent = {
  agentName: '',
  systemPrompt: '',
  tools: [],
  agentDependencies: [],
  outputSchema: {},
  description: '',
  enabled: true,
  settings: {},
};

/** Reads a new agent. The class is to be stored only if there are no problems. */
export function readNewAgent(
  definition: JsonObject,
  rules: AgentRules,
): AgentRead & { readonly agentClass: AgentClass } {
  const problems: Violation[] = [];
  const reader = readDocument(definition, problems);
  reader.require('agent_name', 'agent_class', 'system_prompt', 'output_schema');
  const agentClass = reader.oneOf('agent_class', agentClasses) ?? 'query';
  return { ...readContent({ definition, reader, before: blank, problems }, rules), agentClass };
}

/** Reads what changes of an agent: what is absent stays, null removes what is optional, the class and unknown fields are ignored. */
export function readAgentChanges(definition: JsonObject, before: AgentContent, rules: AgentRules): AgentRead {
  const problems: Violation[] = [];
  const reader = readDocument(definition, problems);
  if (!changeable.some((field) => Object.hasOwn(definition, field))) {
    problems.push({ field: 'body', reason: `must give at least one of ${changeable.join(', ')}` });
  }
  for (const field of indelible) if (reader.isNull(field)) reader.refuse(field, 'cannot be removed');
  return readContent({ definition, reader, before, problems }, rules);
}

interface Reading {
  readonly definition: JsonObject;
  readonly reader: DocumentReader;
  readonly before: AgentContent;
  readonly problems: Violation[];
}

function readContent({ definition, reader, before, problems }: Reading, rules: AgentRules): AgentRead {
  const kept = withoutRemoved(reader, before);
  const schema = reader.object('output_schema');
  if (schema) problems.push(...outputSchemaProblems(schema, rules.schemas));
  const settings = reader.object('settings');
  const promptLength = { min: 1, max: rules.limits.systemPromptMax };
  const content: AgentContent = {
    agentName: reader.text('agent_name', { min: 1, max: 100 }) ?? kept.agentName,
    systemPrompt: reader.text('system_prompt', promptLength) ?? kept.systemPrompt,
    tools: reader.texts('tools', toolNames) ?? kept.tools,
    agentDependencies: reader.texts('agent_dependencies', agentIds) ?? kept.agentDependencies,
    outputSchema: schema ?? kept.outputSchema,
    description: reader.text('description', { min: 0, max: 500 }) ?? kept.description,
    enabled: reader.flag('enabled') ?? kept.enabled,
    settings: settings ? readAgentSettings(settings, problems) : kept.settings,
  };
  const tools = namedItems(definition, 'tools', toolNames);
  const dependencies = namedItems(definition, 'agent_dependencies', agentIds);
  return { content, problems, tools, dependencies };
}

/** What there was, without the optional fields that are null now. */
function withoutRemoved(reader: DocumentReader, before: AgentContent): AgentContent {
  return {
    ...before,
    ...(reader.isNull('tools') ? { tools: blank.tools } : {}),
    ...(reader.isNull('agent_dependencies') ? { agentDependencies: blank.agentDependencies } : {}),
    ...(reader.isNull('description') ? { description: blank.description } : {}),
    ...(reader.isNull('settings') ? { settings: blank.settings } : {}),
  };
}

/** The names in a list with their paths, whatever else is wrong with the list, unless it is too long. */
function namedItems(
  definition: JsonObject,
  field: string,
  { itemsMax, length }: typeof toolNames,
): readonly NamedItem[] | undefined {
  if (!Object.hasOwn(definition, field)) return undefined;
  const list = definition[field];
  if (!Array.isArray(list) || list.length > itemsMax) return [];
  return list.flatMap((name, at): NamedItem[] => {
    const isFirst = list.indexOf(name) === at;
    const isName = typeof name === 'string' && textProblem(name, length) === undefined;
    return isName && isFirst ? [{ field: `${field}[${at}]`, name }] : [];
  });
}

/** The fields of an agent that versions may differ in. */
export function agentDocument(agent: AgentContent): JsonObject {
  return {
    agent_name: agent.agentName,
    system_prompt: agent.systemPrompt,
    tools: [...agent.tools],
    agent_dependencies: [...agent.agentDependencies],
    output_schema: agent.outputSchema,
    description: agent.description,
    enabled: agent.enabled,
    settings: settingsDocument(agent.settings),
  };
}
