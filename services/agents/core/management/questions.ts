// The questions that are asked back when a command does not say for certain what it means. Their wording is read again in dialogue.ts when
// the answer comes; nothing is changed while one is open.
import { shortened } from '../query/words.ts';
import type { SkillAnswer } from '../skill.ts';
import { aboutLengthMax } from './dialogue.ts';

/** A question, and the reports among which the answer may choose. */
export interface CommandQuestion {
  /** Ends with a question mark. */
  readonly text: string;
  readonly candidates: readonly string[];
  /** What stands before the question mark as a hint; told as it is. */
  readonly why?: string;
}

/** The most reports that a question offers. */
export const candidatesMax = 10;

/** Reports that one command may change (SPEC S15). */
export const reportsChangedMax = 50;

/** Below what a platform asks back (SPEC E7.4). */
const confidenceOfDoubt = 0.4;

/** The phrase as a question repeats it. */
export function aboutOf(phrase: string): string {
  return shortened(phrase.replaceAll('"', "'"), aboutLengthMax);
}

/** More reports fit than the words can mean. */
export function whichReport(
  phrase: string,
  fitting: readonly string[],
  total = fitting.length,
): CommandQuestion {
  return {
    text: `Which of ${total} reports is meant by "${aboutOf(phrase)}"?`,
    candidates: fitting.slice(0, candidatesMax),
  };
}

/** The words mean no report; `alike` may. */
export function noReport(phrase: string, alike: readonly string[]): CommandQuestion {
  const ask = alike.length === 0 ? 'which is meant' : 'is one of these meant';
  return { text: `No report fits "${aboutOf(phrase)}": ${ask}?`, candidates: alike.slice(0, candidatesMax) };
}

/** The words are not understood, for the reason given. */
export function unclearReports(phrase: string, why: string): CommandQuestion {
  return { text: `Which reports are meant by "${aboutOf(phrase)}"?`, candidates: [], why };
}

/** The command would change everything. */
export function reallyAll(phrase: string, total: number): CommandQuestion {
  return { text: `Are really all ${total} reports meant by "${aboutOf(phrase)}"?`, candidates: [] };
}

/** A date or value that cannot be meant. */
export function whichValue(kind: 'date' | 'value', said: string, why: string): CommandQuestion {
  return { text: `Which ${kind} is meant by "${aboutOf(said)}"?`, candidates: [], why };
}

/** Words for people that name nobody. */
export function whoIsMeant(said: string): CommandQuestion {
  return { text: `Who is meant by "${aboutOf(said)}"?`, candidates: [], why: 'Name a team or a user' };
}

/** Something in the command that must be said otherwise. */
export function sayOtherwise(text: string): CommandQuestion {
  return { text, candidates: [] };
}

/** The answer that asks: no output, little confidence, and the reports to choose from. */
export function askBack({ text, why, candidates }: CommandQuestion): SkillAnswer {
  const reasoning = why === undefined ? text : `${text} ${why}.`;
  return { output: {}, reasoning, confidence: confidenceOfDoubt, spans: {}, references: candidates };
}
