// A command together with the questions that it led to and their answers, as the session tells them. The questions are those of
// questions.ts and of the platform; what an answer means is decided where the command is followed.
import { pickFrom, readPick } from './list-places.ts';

/** One message of the session. */
export interface SpokenMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** What a question was about: which reports, who, which value, or whether really all. */
export type AskedKind = 'reports' | 'person' | 'value' | 'scope';

/** A question with its answer. */
export interface AnsweredQuestion {
  readonly kind: AskedKind;
  /** The words of the command that were asked about; empty where it had none. */
  readonly about: string;
  /** What was offered, in order: ids of reports, or names. */
  readonly offered: readonly Offered[];
  readonly answer: string;
}

/** Something to choose. */
export interface Offered {
  /** An id of a report, or a name or id of a person or team. */
  readonly value: string;
  /** As it was shown. */
  readonly shown: string;
}

/** A command and what was answered to questions about it; an answer that takes it back leaves no command. */
export interface Conversation {
  readonly command: string;
  readonly answered: readonly AnsweredQuestion[];
  readonly takenBack: boolean;
}

/** The most characters of a phrase that a question repeats. */
export const aboutLengthMax = 60;

const kinds: readonly (readonly [AskedKind, RegExp])[] = [
  ['person', /^(?:Who is meant\b|No team or user is called\b)/],
  ['value', /^Which (?:date|value) is meant\b/],
  ['scope', /^Are really all\b/],
  ['reports', /^(?:Which of \d+ reports is meant\b|Which reports? (?:is|are) meant\b|No report fits\b)/],
];
const questionLine = /^- [^:]*: (?<text>(?:[A-Z][^"]*)(?:"(?<about>[^"]*)")?[^"]*\?)/m;
const offerLine = /^- [^:]*: \d+\. (?<shown>.*?) (?:\[(?<ids>[^\]]*)\]|\(no report\))$/gm;
const person = /^(?:team|user) (?<name>.+?)(?: \((?<id>[0-9a-f-]{36})\))?$/;
const takesBack =
  /^(?:no|none|neither|nothing|nobody|cancel|stop|abort|(?:no,?\s+)?(?:never\s?mind|forget\s+(?:it|that)|leave\s+(?:it|them)|don'?t|do\s+not))(?:\s+(?:of\s+(?:them|these|those)|that|it|any(?:thing)?))?[\s.!]*$/i;

/** Joins what is said now to what was asked before. `isCommand` tells whether a text wants something by itself. */
export function conversationOf(
  said: string,
  earlier: readonly SpokenMessage[],
  isCommand: (text: string) => boolean,
): Conversation {
  const alone = { command: said, answered: [], takenBack: false };
  const start = earlier.findLastIndex(({ role, content }) => role === 'user' && isCommand(content));
  const command = earlier[start]?.content;
  if (command === undefined || isCommand(said)) return alone;
  const messages = [...earlier.slice(start + 1), { role: 'user' as const, content: said }];
  if (messages.some(({ role, content }) => role === 'user' && takesBack.test(content.trim()))) {
    return { command: '', answered: [], takenBack: takesBack.test(said.trim()) };
  }
  const answered = messages.flatMap(({ role, content }, at) => {
    const next = messages[at + 1];
    const asked = role === 'assistant' && next?.role === 'user' ? questionIn(content) : undefined;
    return asked && next ? [{ ...asked, answer: plainAnswer(next.content) }] : [];
  });
  return answered.length === 0 ? alone : { command, answered, takenBack: false };
}

/** What an answer chooses of what was offered; undefined where it names nothing of it. */
export function chosenOf({ offered, answer }: AnsweredQuestion): readonly string[] | undefined {
  const values = offered.map(({ value }) => value);
  if (/^(?:all|both|each|every one)(?: (?:of )?(?:them|these|those|(?:the )?\w+))?$/i.test(answer))
    return values;
  if (
    offered.length === 1 &&
    /^(?:yes|yep|yeah|ok(?:ay)?|right|correct|exactly|that(?:'s| is)? (?:it|one|right)|that one)$/i.test(
      answer,
    )
  ) {
    return values;
  }
  const pick = readPick(answer, true);
  if (pick) return pickFrom(values, pick);
  const same = offered.filter(({ value, shown }) =>
    [value, shown].some((each) => each.toLowerCase() === answer.toLowerCase()),
  );
  if (same.length === 1) return same.map(({ value }) => value);
  const words = wordsIn(answer.replace(/^(?:the (?:one|report|user|team)|the)\s+/i, ''));
  const fitting = offered.filter(({ shown }) => {
    const there = new Set(wordsIn(shown));
    return words.length > 0 && words.every((word) => there.has(word));
  });
  return fitting.length === 1 ? fitting.map(({ value }) => value) : undefined;
}

function questionIn(content: string): Omit<AnsweredQuestion, 'answer'> | undefined {
  const { text = '', about = '' } = questionLine.exec(content)?.groups ?? {};
  const kind = kinds.find(([, pattern]) => pattern.test(text))?.[0];
  if (!kind) return undefined;
  const offered = [...content.matchAll(offerLine)].map(({ groups }) => offeredIn(kind, groups));
  return { kind, about, offered };
}

function offeredIn(kind: AskedKind, { shown = '', ids = '' }: Record<string, string> = {}): Offered {
  if (kind !== 'person') return { value: ids, shown };
  const { name = shown, id } = person.exec(shown)?.groups ?? {};
  return { value: id ?? name, shown: shown };
}

const smallWords = new Set('the a an on in at of to near by one is and it user team i mean meant'.split(' '));

function wordsIn(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).filter((word) => !smallWords.has(word));
}

function plainAnswer(text: string): string {
  return text
    .trim()
    .replace(/^(?:please|i\s+mean|i\s+meant|it\s+is|it's|that'?s|to|make\s+it|take)\s+/i, '')
    .replace(/[,\s]+please[.!]*$|[.!?]+$/i, '')
    .replace(/^["']|["']$/g, '')
    .trim();
}
