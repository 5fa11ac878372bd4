// The answer to a question in text: what is said, the reports that it rests on, and where they are.
import { cut, onOneLine, plainText } from './screen/plain-text.ts';

/** What is shown of an answer. */
export interface ShownAnswer {
  readonly status: string;
  readonly summary: string | null;
  readonly error: string | null;
  readonly answers: readonly { readonly label: string; readonly text: string }[];
  readonly references_used: readonly {
    readonly reference_id: string;
    readonly summary: string;
    readonly status: string;
    readonly deleted?: boolean;
  }[];
  readonly references_total: number;
  readonly map_data: unknown;
  readonly patches: readonly unknown[];
}

const summaryLengthMax = 100;

/** The lines of an answer. */
export function answerLines(answer: ShownAnswer): readonly string[] {
  const { status, summary, error, references_used: used, references_total: total, patches } = answer;
  const references = used.map(
    ({ reference_id, summary: text, status: state, deleted }, at) =>
      `  [${at + 1}] ${reference_id}  ${state}${deleted ? ', deleted' : ''}  ${cut(onOneLine(text), summaryLengthMax)}`,
  );
  const more = total > used.length ? [`  … and ${total - used.length} more`] : [];
  const map = mapLine(answer.map_data);
  return [
    plainText(numbered(summary ?? error ?? `The question is ${status}.`, used)),
    ...(references.length > 0 ? ['', 'It rests on:', ...references, ...more] : []),
    ...(map === undefined ? [] : ['', map]),
    ...(patches.length > 0 ? ['', 'Changes:', ...patches.map((patch) => `  ${patchText(patch)}`)] : []),
  ];
}

// Ids of reports are long, and the list below says which is which.
function numbered(text: string, used: ShownAnswer['references_used']): string {
  return used.reduce((told, { reference_id }, at) => told.replaceAll(reference_id, String(at + 1)), text);
}

interface Feature {
  readonly geometry?: { readonly type?: string; readonly coordinates?: unknown } | null;
}

/** How many places a map has, and between which corners; undefined for none. */
export function mapLine(map: unknown): string | undefined {
  const { features = [] } = Object(map) as { readonly features?: readonly Feature[] };
  const points = features
    .filter(({ geometry }) => geometry?.type === 'Point')
    .map(({ geometry }) => geometry?.coordinates as readonly [number, number]);
  if (points.length === 0) return undefined;
  const [longitudes, latitudes] = [
    points.map(([longitude]) => longitude),
    points.map(([, latitude]) => latitude),
  ];
  const corner = (pick: (...values: number[]) => number) =>
    `${pick(...latitudes).toFixed(4)}, ${pick(...longitudes).toFixed(4)}`;
  return points.length === 1
    ? `1 place: latitude, longitude ${corner(Math.min)}`
    : `${points.length} places between ${corner(Math.min)} and ${corner(Math.max)} (latitude, longitude)`;
}

function patchText(patch: unknown): string {
  if (typeof patch === 'string') return onOneLine(patch);
  const { patch_id, incident_id, status } = Object(patch) as Readonly<Record<string, unknown>>;
  return onOneLine([patch_id, incident_id, status].filter((each) => each !== undefined).join('  '));
}
