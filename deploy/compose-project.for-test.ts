// deploy/compose.yaml as an engine sees it: anchors merged, variables filled in. It starts nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What the tests look at of a service. */
export interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly networks: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly volumes?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly ports?: readonly string[];
  readonly [key: string]: unknown;
}

/** A project. */
export interface ComposeProject {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly configs: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** The file's path. */
export const composeFile: string = join(import.meta.dirname, 'compose.yaml');

/** Reads the project as it is when these variables are set. */
export function readComposeProject(variables: Readonly<Record<string, string>> = {}): ComposeProject {
  const parsed: unknown = parse(readFileSync(composeFile, 'utf8'), { merge: true, maxAliasCount: -1 });
  return filledIn(parsed, variables) as ComposeProject;
}

/** `${NAME:-text}` stands for the variable unless it is absent or empty, `${NAME-text}` unless it is absent; `$$` is a dollar. */
function filledIn(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\$|\$\{(\w+)(:?)-([^}]*)\}/g, (match, name, colon, text) => {
      if (match === '$$') return '$';
      const given = variables[name];
      return given === undefined || (colon === ':' && given === '') ? text : given;
    });
  }
  if (Array.isArray(value)) return value.map((item) => filledIn(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item, variables)]));
}
