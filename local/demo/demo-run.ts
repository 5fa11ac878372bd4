// What every part of the demo is given, and how it notes what is wrong. It ends at the first request that fails outright.
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../foundation/fault/fault.ts';
import type { RestAnswer, RestClient } from '../rest-client.ts';
import type { ProblemDocument } from '../rest-documents.ts';
import type { Narrator } from '../terminal/narrator.ts';

/** The domain whose playbooks the demo runs. */
export const sampleDomain = 'civic_complaints';

/** A demo under way. */
export interface DemoRun {
  readonly api: RestClient;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
  /** Sentences on what is not as it should be; the demo goes on. */
  readonly problems: string[];
}

/** The body of an answer with the wanted status; a Fault that names the request and the problem for any other. */
export function bodyOf<T>(answer: RestAnswer<T>, wanted: number, request: string): T {
  if (answer.status === wanted) return answer.body;
  const { detail } = Object(answer.body) as Partial<ProblemDocument>;
  throw new Fault('internal', `${request} was answered with ${answer.status}: ${detail ?? 'no explanation'}`);
}

/** How long one document may stay in work. */
export const workMsMax = 60_000;
const pollMs = 100;

/** Reads again and again until `isDone`; after `workMsMax` the last answer counts, whatever it is. Rejects when the signal is aborted. */
export async function pollUntil<T>(
  read: () => Promise<T>,
  isDone: (value: T) => boolean,
  signal: AbortSignal,
): Promise<T> {
  const startedMs = performance.now();
  for (;;) {
    const value = await read();
    if (isDone(value) || performance.now() - startedMs > workMsMax) return value;
    await sleep(pollMs, undefined, { signal });
  }
}

/** The first words of a text on one line, at most `length` characters. */
export function firstWords(text: string, length: number): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length <= length ? flat : `${flat.slice(0, length - 1).trimEnd()}…`;
}
