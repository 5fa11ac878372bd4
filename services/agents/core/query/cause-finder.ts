// Causes and wishes in the words of reports: "because of ...", "due to ...", "needs to be repaired". English patterns only.

import type { FoundReport } from '../report-data.ts';
import { shortened } from './words.ts';

/** Something that reports say, with the reports that say it, best match first. */
export interface Statement {
  readonly text: string;
  readonly incident_ids: readonly string[];
}

const causePattern =
  /\b(?:because of|because|due to|caused by|as a result of)\s+(?<cause>[^.;!?,()|\n]{4,200})/gi;
const wishPattern =
  /\b(?:needs? (?:to be |a |an |some |more )?|please |should be |must be |has to be |have to be |requesting (?:a |an )?)(?<wish>(?:\p{L}+(?:[ -]\p{L}+){0,2}))/giu;
const wishVerbs =
  /^(?:re)?(?:pair\w*|repair\w*|fix\w*|replac\w*|remov\w*|clean\w*|paint\w*|paved?|pav\w*|salt\w*|plow\w*|shovel\w*|trim\w*|cut|pick\w*|tow\w*|instal\w*|add\w*|enforc\w*|ticket\w*|empt\w*|inspect\w*|investigat\w*|fill\w*|patch\w*|adjust\w*|increas\w*|sign\w*|light\w*|enforcement|stop sign|speed bump\w*|crosswalk|bike lane\w*|police|patrol\w*)\b/i;
const textMax = 100;
/** A summary of this length is cut off, so its last words may be half a statement. */
const summaryCut = 199;
const pointless = /^(?:i|it|it's|its|it’s|they|this|that|there|of it)\b/i;

/** What the texts give as a cause, in the words of the first report that says it, most reports first. */
export function findCauses(reports: readonly FoundReport[]): Statement[] {
  return statements(reports, causePattern, 'cause', (text) => trimmed(text));
}

/** What the texts ask to be done, by verb ("repair", "paint"), most reports first. */
export function findWishes(reports: readonly FoundReport[]): Statement[] {
  return statements(reports, wishPattern, 'wish', (text) => {
    const [verb] = wishVerbs.exec(text) ?? [];
    return verb === undefined ? '' : stemOf(verb.toLowerCase());
  });
}

function statements(
  reports: readonly FoundReport[],
  pattern: RegExp,
  group: string,
  nameOf: (text: string) => string,
): Statement[] {
  const found = new Map<string, { text: string; ids: Set<string> }>();
  for (const report of reports) {
    for (const match of report.summary.matchAll(pattern)) {
      const cut =
        report.summary.length >= summaryCut && match.index + match[0].length === report.summary.length;
      const text = cut ? '' : nameOf(match.groups?.[group] ?? '');
      if (text === '') continue;
      const known = found.get(text.toLowerCase()) ?? { text, ids: new Set<string>() };
      known.ids.add(report.incident_id);
      found.set(text.toLowerCase(), known);
    }
  }
  return [...found.values()]
    .map(({ text, ids }) => ({ text, incident_ids: [...ids] }))
    .sort((a, b) => b.incident_ids.length - a.incident_ids.length);
}

function trimmed(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  if (pointless.test(plain)) return '';
  return shortened(plain, textMax);
}

/** "repaired" and "repairing" as "repair", "replaced" as "replace"; other words as they are. */
function stemOf(verb: string): string {
  const irregular: readonly (readonly [RegExp, string])[] = [
    [/^(?:repair|pair)/, 'repair'],
    [/^fix/, 'fix'],
    [/^replac/, 'replace'],
    [/^remov/, 'remove'],
    [/^clean/, 'clean'],
    [/^repaint|^paint/, 'paint'],
    [/^(?:re)?pav/, 'pave'],
    [/^salt/, 'salt'],
    [/^plow/, 'plow'],
    [/^shovel/, 'shovel'],
    [/^trim|^cut/, 'trim'],
    [/^pick/, 'pick up'],
    [/^tow/, 'tow'],
    [/^instal|^add/, 'install'],
    [/^enforc|^ticket|^police|^patrol/, 'enforce'],
    [/^empt/, 'empty'],
    [/^inspect|^investigat/, 'inspect'],
    [/^fill|^patch/, 'fill'],
  ];
  return irregular.find(([pattern]) => pattern.test(verb))?.[1] ?? verb;
}
