// Definitions of agents and domains in text: what a save came to, and what changed between two versions.
import { plainText } from './screen/plain-text.ts';

interface Warning {
  readonly code?: string | null;
  readonly path?: string | null;
  readonly text: string;
}

interface Saved {
  readonly agent_id?: string;
  readonly domain_id?: string;
  readonly version?: number;
  /** Of a dry run alone. */
  readonly valid?: boolean;
  readonly details?: readonly { readonly field: string; readonly reason: string }[];
  readonly warnings?: readonly Warning[];
}

/** Lines on a save, or on a dry run of one. */
export function savedLines(saved: object, what: string): readonly string[] {
  const { agent_id, domain_id, version, valid, details = [], warnings = [] } = saved as Saved;
  const warned = warnings.map(
    ({ path, text }) => `warning: ${plainText(`${path ? `${path}: ` : ''}${text}`)}`,
  );
  const wrong = details.map(({ field, reason }) => `  ${plainText(`${field}: ${reason}`)}`);
  if (valid === false) return [`The ${what} would be refused:`, ...wrong, ...warned];
  if (valid === true) return [`The ${what} would be taken; nothing was stored.`, ...warned];
  return [`${agent_id ?? domain_id} is saved as version ${version}.`, ...warned];
}

interface Differences {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
}

/** Lines on the differences between two versions, two for each path. */
export function differenceLines({ from, to, changes }: Differences): readonly string[] {
  if (changes.length === 0) return [`Versions ${from} and ${to} are the same.`];
  return [`Version ${from} to ${to}:`, ...changes.flatMap(changeLines)];
}

/** The lines of one change: its path, what was there, what is there now. */
export function changeLines(change: Differences['changes'][number]): readonly string[] {
  const told = (sign: string, value: unknown) => `  ${sign} ${plainText(JSON.stringify(value))}`;
  return [
    plainText(change.path),
    ...('before' in change ? [told('-', change.before)] : []),
    ...('after' in change ? [told('+', change.after)] : []),
  ];
}
