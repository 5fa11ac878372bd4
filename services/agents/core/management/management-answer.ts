// What a management agent answers: its output for the reports that are meant, or nothing, with the reason.
import { confidenceOf, type JsonObject, type SkillAnswer } from '../skill.ts';

/** Whom a command comes from and when; the platform's own words for times and people. */
export interface CommandContext {
  /** ISO 8601. */
  readonly at: string;
  readonly userId: string;
}

/** The reports that are meant. */
export interface MeantReports {
  /** More than a command may change are told too, so that the platform refuses them instead of changing some. */
  readonly ids: readonly string[];
  /** How they were found, in one sentence. */
  readonly how: string;
  /** 0 to 1. */
  readonly confidence: number;
}

const confidenceNothing = 0.8;
const clauseShownMax = 200;

/** Nothing is changed. */
export function nothingToDo(why: string): SkillAnswer {
  return { output: {}, reasoning: why, confidence: confidenceNothing, spans: {}, references: [] };
}

/** A change of these reports. */
export function changeOf(output: JsonObject, { ids, how, confidence }: MeantReports): SkillAnswer {
  return { output, reasoning: how, confidence: confidenceOf(confidence), spans: {}, references: ids };
}

/** The reason of a change: the command's own, else what was asked for. */
export function reasonOf(reason: string, clause: string): string {
  return reason === '' ? `Command: ${clause}`.slice(0, clauseShownMax).toWellFormed() : reason;
}
