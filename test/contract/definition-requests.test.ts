// What the description of the API says of definitions is what the registry takes: gateway and registry each write the limits down, since
// neither may import the other. Rules about other definitions are not judged here.
import { describe, expect, it } from '@jest/globals';
import type { Violation } from '../../foundation/fault/fault.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import { createSchemaCompiler } from '../../foundation/json/schema-compiler.ts';
import { agentChangesExamples, newAgentExamples } from '../../gateway/routes/agent-request-schema.ts';
import { apiSchemas } from '../../gateway/routes/api-schemas.ts';
import { domainChangesExamples, newDomainExamples } from '../../gateway/routes/domain-request-schema.ts';
import { newGateExamples } from '../../gateway/routes/gate-request-schema.ts';
import { newGoldenSetExamples } from '../../gateway/routes/golden-set-schema.ts';
import { newToolExamples, toolChangesExamples } from '../../gateway/routes/tool-schema.ts';
import { readAgentChanges, readNewAgent } from '../../services/registry/core/agent-document.ts';
import { readDomainChanges, readNewDomain } from '../../services/registry/core/domain-definition.ts';
import { readGateCandidate } from '../../services/registry/core/gate-candidate.ts';
import { readGoldenSet } from '../../services/registry/core/golden-set-document.ts';
import { definitionLimits } from '../../services/registry/core/limits.ts';
import type { Tool } from '../../services/registry/core/tool.ts';
import { readNewTool, readToolChange, type ToolRules } from '../../services/registry/core/tool-document.ts';
import { type EdgedSchema, edgesOf, type NamedSchemas, withEdge } from './schema-edges.ts';

const schemas: NamedSchemas = new Map(
  apiSchemas.map(({ $id, ...schema }) => [String($id), schema as EdgedSchema]),
);
const compiler = createSchemaCompiler();
const limits = { ...definitionLimits, systemPromptMax: 20_000 };
const toolRules: ToolRules = { networks: [], schemas: compiler };

const agent = readNewAgent(newAgentExamples[0] ?? {}, { limits, schemas: compiler }).content;
const tool: Tool = {
  ...readNewTool(newToolExamples[0] ?? {}, toolRules).write.content,
  ...{ id: '', tenantId: '', createdBy: '', createdAt: new Date(0), updatedAt: new Date(0) },
  ...{ hasCredentials: true, isBuiltin: false },
};

/** A kind of document that is sent. */
interface Sent {
  readonly examples: readonly JsonObject[];
  /** Has no member that decides about others, so that each can be changed alone. */
  readonly plain: JsonObject;
  readonly judge: (document: JsonObject) => readonly Violation[];
  /** Members whose limits are not all in the schema. */
  readonly apart: readonly string[];
}

/** By the name of the schema. */
const sent: Readonly<Record<string, Sent>> = {
  NewAgent: {
    examples: newAgentExamples,
    plain: newAgentExamples[0] ?? {},
    judge: (document) => readNewAgent(document, { limits, schemas: compiler }).problems,
    apart: ['settings.required_capabilities'], // only of workers
  },
  AgentChanges: {
    examples: agentChangesExamples,
    plain: newAgentExamples[0] ?? {},
    judge: (document) => readAgentChanges(document, agent, { limits, schemas: compiler }).problems,
    apart: ['settings.required_capabilities'],
  },
  NewDomain: {
    examples: newDomainExamples,
    plain: newDomainExamples[0] ?? {},
    judge: (document) => readNewDomain(document, limits).problems,
    apart: [
      ...['ingestion_playbook.settings.apply', 'query_playbook.settings.apply'], // only of management
      ...['query_playbook.settings.category_model', 'management_playbook.settings.category_model'], // of ingestion
    ],
  },
  DomainChanges: {
    examples: domainChangesExamples,
    plain: newDomainExamples[0] ?? {},
    judge: (document) => readDomainChanges(document, limits).problems,
    apart: [
      ...['ingestion_playbook.settings.apply', 'query_playbook.settings.apply'],
      ...['query_playbook.settings.category_model', 'management_playbook.settings.category_model'],
    ],
  },
  NewTool: {
    examples: newToolExamples,
    plain: newToolExamples[1] ?? {},
    judge: (document) => readNewTool(document, toolRules).problems,
    apart: ['endpoint'], // only some texts are URLs
  },
  ToolChanges: {
    examples: toolChangesExamples,
    plain: newToolExamples[0] ?? {},
    judge: (document) => readToolChange(document, tool, toolRules).problems,
    apart: ['endpoint', 'auth_method'], // the latter decides about credentials
  },
  NewGoldenSet: {
    examples: newGoldenSetExamples,
    plain: newGoldenSetExamples[0] ?? {},
    judge: (document) => readGoldenSet(document).problems,
    apart: ['playbook'], // decides about the inputs of the rows
  },
};

describe.each(Object.entries(sent))('%s', (name, { examples, plain, judge, apart }) => {
  it('is taken by the registry as its examples show it', () => {
    expect(examples.map((each) => judge(each))).toEqual(examples.map(() => []));
  });

  it('is taken and refused by the registry as its schema says, at every limit', () => {
    const all = edgesOf(schemas.get(name) ?? {}, plain, { path: [], schemas });
    const edges = all.filter(({ path }) => path.length > 0 && !apart.includes(path.join('.')));
    expect(edges.length).toBeGreaterThan(15);
    const isTaken = edges.map((edge) => judge(withEdge(plain, edge)).length === 0);
    expect(edges.filter(({ fits }, at) => fits !== isTaken[at])).toEqual([]);
  });
});

describe('a candidate of a gate', () => {
  it('is taken by the registry in each of the forms of the examples', () => {
    const read = newGateExamples.map(({ candidate }) =>
      readGateCandidate(candidate as unknown as JsonObject),
    );
    const kinds = read.map((each) => ('kind' in each ? each.kind : each.problems));
    expect(kinds).toEqual(['playbook', 'agent', 'agent_version', 'domain_version']);
  });
});
