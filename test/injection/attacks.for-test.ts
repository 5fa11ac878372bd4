// Texts that try to make an agent do what nobody asked it to, in the manner of real reports and questions. The file holds them as data; here the
// ids of a mesh are put in and the long ones are written out.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** One text. */
export interface Attack {
  /** Unique in the file. */
  readonly id: string;
  /** What kind of attempt it is. */
  readonly technique: string;
  /** BCP 47. */
  readonly language: string;
  readonly text: string;
}

/** What the texts name. */
export interface AttackNames {
  /** A report of the same tenant and domain, which nobody is to touch. */
  readonly victim: string;
  /** A report of another tenant. */
  readonly foreign: string;
  /** A well-formed id that no report has. */
  readonly unknown: string;
  /** The other tenant. */
  readonly foreignTenant: string;
}

interface StoredAttack extends Attack {
  /** How often the text is written [1]. */
  readonly repeat?: number;
  /** Written at the end [nothing]. */
  readonly tail?: string;
}

/** Which texts are tried: `all` in every way, or else each in two of the ways and a third of them in others. */
export type InjectionTexts = string | undefined;

/** Every second case, from this one on: a text that one runtime is given as a report is given to the other one as a question. */
export function halfOf<T>(cases: readonly T[], first: 0 | 1, texts: InjectionTexts): readonly T[] {
  return texts === 'all' ? cases : cases.filter((_, at) => at % 2 === first);
}

/** A third of the cases: commands hardly depend on the text. */
export function thirdOf<T>(cases: readonly T[], texts: InjectionTexts): readonly T[] {
  return texts === 'all' ? cases : cases.filter((_, at) => at % 3 === 0);
}

/** The longest text of a report, in characters. */
const textMax = 10_000;

/** All texts, in the order of the file, with these names in them. */
export async function readAttacks(names: AttackNames): Promise<readonly Attack[]> {
  const file = await readFile(fileURLToPath(new URL('./attacks.jsonl', import.meta.url)), 'utf8');
  const stored = file
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StoredAttack);
  return stored.map(({ repeat = 1, tail = '', text, ...attack }) => {
    const named = (text.repeat(repeat) + tail).replace(
      /\{\{(victim|foreign|unknown|foreignTenant)\}\}/g,
      (_, name: keyof AttackNames) => names[name],
    );
    return { ...attack, text: named.slice(0, textMax).toWellFormed() };
  });
}
