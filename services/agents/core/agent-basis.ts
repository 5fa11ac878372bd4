// On what an agent runs, beside its version and its input: as one hash, so that an answer that is kept stands for exactly that. It is pure;
// what is granted and configured is read elsewhere.
import { hash } from 'node:crypto';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { AwsBackendSettings } from './aws-backend-settings.ts';
import type { Invocation, Runtime } from './invocation.ts';
import { chooseModel } from './model/model-choice.ts';
import type { ModelSettings } from './model/model-settings.ts';
import type { WebSearchSettings } from './web-search-settings.ts';

/** What the deployment has chosen. */
export interface DeploymentBasis {
  /** Version of the platform: skills and prompts come with it. */
  readonly release: string;
  readonly models: ModelSettings;
  /** Undefined for none. */
  readonly webSearch: WebSearchSettings | undefined;
  /** Amazon Location; undefined for the gazetteer. */
  readonly location: AwsBackendSettings | undefined;
  /** Amazon Comprehend; undefined for the platform's own rules. */
  readonly comprehend: AwsBackendSettings | undefined;
}

/** A tool that an agent lists and was granted. */
export interface GrantedTool {
  readonly name: string;
  /** When it was granted, in any form that differs from grant to grant. */
  readonly grantedAt: string;
  /** Which state of which tool it is; empty for tools that come with the platform's own agents, which never change. */
  readonly state: string;
}

/** What the hash is of. */
export interface BasisOf {
  readonly agent: Pick<Invocation, 'runtime' | 'model' | 'tools'>;
  readonly granted: readonly GrantedTool[];
  readonly deployment: DeploymentBasis;
}

/** On what an agent runs. */
export interface AgentBasis {
  readonly runtime: Runtime;
  /** SHA-256, 64 hex digits. */
  readonly fingerprint: string;
}

/** The basis of an agent. The order of tools does not matter, and credentials are no part of it. */
export function agentBasis({ agent, granted, deployment }: BasisOf): AgentBasis {
  const { runtime, model, tools } = agent;
  const { release, models, webSearch, location, comprehend } = deployment;
  const search = webSearch && { kind: webSearch.kind, url: webSearch.url };
  const basis = {
    ...{ release, runtime },
    ...(runtime === 'model' ? { model: modelBasis(model, models) } : {}),
    ...(search && tools.includes('web_search') ? { search } : {}),
    ...(location && tools.includes('location_service') ? { location } : {}),
    ...(comprehend && tools.includes('comprehend') ? { comprehend } : {}),
    tools: granted.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
  return { runtime, fingerprint: hash('sha256', canonicalJson(basis), 'hex') };
}

function modelBasis(asked: string, models: ModelSettings): object {
  const choice = chooseModel(asked, models);
  if (choice.kind !== 'model') return { kind: choice.kind };
  const { name, kind, baseUrl, region, structuredOutput, images } = choice.provider;
  return { model: choice.model, name, kind, baseUrl, region, structuredOutput, images };
}
