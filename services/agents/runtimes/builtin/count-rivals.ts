// Counts the sides of a comparison, each over all reports. A side is counted as the question itself was answered, and never more widely.

import { type Attempt, attemptsOf } from '../../core/query/attempts.ts';
import type { Count } from '../../core/query/comparison.ts';
import type { Group } from '../../core/query/groups.ts';
import { type Breadth, filterOf, type Search } from '../../core/query/search.ts';
import type { Rival, Understanding } from '../../core/question/understand.ts';
import type { CountedData } from './query-calls.ts';
import { readKnownValues } from './query-known-values.ts';

/** Calls that are kept for what the skill itself wants to know. */
const callsKept = 3;

/** What is counted, and how near to its words: as near as the question itself was answered. */
interface Counting {
  readonly kinds: readonly Rival['by'][];
  readonly breadth: Breadth;
  readonly data: CountedData;
}

/** The counts of the sides of these kinds; none where the calls do not suffice for all of them. */
export async function countRivals(
  question: Understanding,
  { kinds, breadth, data }: Counting,
): Promise<readonly Count[]> {
  const rivals = question.rivals.filter(({ by }) => kinds.includes(by));
  const [first] = rivals;
  if (first === undefined) return [];
  const known = await readKnownValues(first.question, data);
  const searches = rivals.map((rival) => searchesOf(attemptsOf(rival.question, known), breadth));
  if (searches.flat().length > data.callsLeft() - callsKept) return [];
  return Promise.all(
    rivals.map(async (rival, at) => {
      const counts = await Promise.all(
        (searches[at] ?? []).map((search) => data.retrieve({ ...filterOf(search), limit: 1 })),
      );
      return { rival, total: counts.reduce((sum, { total }) => sum + total, 0) };
    }),
  );
}

function searchesOf(attempts: readonly Attempt[], breadth: Breadth): readonly Search[] {
  return (attempts.find((attempt) => attempt.breadth === breadth) ?? attempts[0])?.searches ?? [];
}

/** How many reports of the domain have each single word of a question that several words narrow; those that none has are left out. */
export async function countWords({ subject }: Understanding, data: CountedData): Promise<readonly Group[]> {
  const topics = subject.alternatives.flat();
  if (topics.length < 2 || topics.length > data.callsLeft()) return [];
  const counts = await Promise.all(
    topics.map(async ({ said, choices }) => {
      const { total } = await data.retrieve({
        text: choices.map((word) => `"${word}"`).join(' or '),
        limit: 1,
      });
      return { key: said, count: total };
    }),
  );
  return counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
}
