// What is asked back when a command is not clear: nothing is changed then, and the answer in the session completes it. Who asks is an agent
// that is in doubt, or the platform, which knows the people. The management skills read the questions again when they are answered.
import { cutText } from './cut-text.ts';
import type { ManagementAnswer } from './management-wish.ts';
import type { VerifiedReference } from './verified-reference.ts';

/** A question about a command. */
export interface ManagementQuestion {
  readonly agentId: string;
  readonly agentName: string;
  readonly text: string;
  /** People to choose from, as they are shown; empty for a question about reports. */
  readonly people: readonly string[];
  /** Verified ids: reports to choose from, or those that are to be assigned. */
  readonly references: readonly string[];
}

/** A message of a session. */
export interface SessionMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** One line of a question: what is asked, or one of the things to choose. */
export interface QuestionLine {
  /** At most 150 characters. */
  readonly text: string;
  readonly references: readonly string[];
}

/** Choices that a question shows, at most. */
export const choicesMax = 10;
const lineCharactersMax = 150;
const reportCharactersMax = 110;
/** An agent that is less sure and changes nothing has a question (SPEC E7.4). */
const sureMin = 0.6;
const opening = 'Nothing was changed yet:';

/** The closing line of a run that asks. Only such a line begins so. */
export const askingClosing = `${opening} answer in this session, for example "the first one", or give the command anew.`;

/** Whether an agent asks back instead of changing something. */
export function asksBack({ answer: { output, confidence, reasoning } }: ManagementAnswer): boolean {
  return Object.keys(output).length === 0 && confidence < sureMin && reasoning.includes('?');
}

/** A question in lines: itself, then what there is to choose, numbered. */
export function questionLines(
  { text, people, references }: ManagementQuestion,
  reports: readonly VerifiedReference[],
): QuestionLine[] {
  const asked = { text: cutText(text, lineCharactersMax), references };
  if (people.length > 0) {
    return [
      asked,
      ...people.map((one, at) => ({ text: cutText(`${at + 1}. ${one}`, lineCharactersMax), references })),
    ];
  }
  const offered = references.flatMap((id) => reports.find(({ referenceId }) => referenceId === id) ?? []);
  return [
    asked,
    ...offered.slice(0, choicesMax).map(({ referenceId, summary, status }, at) => {
      const plain = cutText(summary.replace(/\s+/g, ' ').trim(), reportCharactersMax);
      return { text: `${at + 1}. ${plain} (${status.replaceAll('_', ' ')})`, references: [referenceId] };
    }),
  ];
}

/** The command that is still in question, with what was asked and answered; empty when the newest answer of the session asks nothing. */
export function pendingExchange(messages: readonly SessionMessage[]): readonly SessionMessage[] {
  let start = messages.length;
  while (start >= 2 && isAsking(messages[start - 1]) && messages[start - 2]?.role === 'user') start -= 2;
  return messages.slice(start);
}

function isAsking(message: SessionMessage | undefined): boolean {
  const last = message?.content.split('\n').at(-1) ?? '';
  return message?.role === 'assistant' && last.startsWith(`Summary: ${opening}`);
}
