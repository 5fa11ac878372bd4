// Which expected paths of a golden set nobody answers: allowed, since a candidate may be the first that does, and probably a slip of the pen.
import { keyPath } from '../../../foundation/json/json-path.ts';
import { stepsOfPath } from '../../../foundation/json/json-steps.ts';
import { schemaKeys } from '../../../foundation/json/object-schema.ts';
import type { DefinitionWarning } from './definition-warning.ts';
import type { GoldenSetContent } from './golden-set.ts';
import type { Plan } from './plan.ts';

/** What the answer to a question holds beside the outputs of agents: ids of the reports that they rest on. */
export const referencesKey = 'references';

const warningsMax = 100;

/** A set with what it is about. */
export interface GoldenPaths {
  readonly domainId: string;
  readonly content: Pick<GoldenSetContent, 'playbook' | 'rows'>;
  /** The plan of the playbook as it is published; undefined when it cannot be compiled, and then nothing is known. */
  readonly plan: Plan | undefined;
}

/** A warning for each path that no agent of the plan answers, at the first row that names it. */
export function unknownPaths({ domainId, content, plan }: GoldenPaths): readonly DefinitionWarning[] {
  if (!plan) return [];
  const known = new Set(
    plan.nodes.flatMap(({ work }) =>
      work.kind === 'agent' ? Object.keys(schemaKeys(work.agent.outputSchema)) : [],
    ),
  );
  if (content.playbook === 'query') known.add(referencesKey);
  const told = new Set<string>();
  const warnings: DefinitionWarning[] = [];
  for (const [at, { expected }] of content.rows.entries()) {
    for (const path of Object.keys(expected)) {
      const key = stepsOfPath(path)?.[0];
      if (typeof key !== 'string' || known.has(key) || told.has(path)) continue;
      told.add(path);
      const text = `no agent of the ${content.playbook} playbook of ${domainId} answers the key ${key}`;
      const place = { playbook: content.playbook, path: keyPath(`rows[${at}].expected`, path) };
      warnings.push({ domainId, ...place, code: 'unknown_path', text });
    }
  }
  return warnings.slice(0, warningsMax);
}
