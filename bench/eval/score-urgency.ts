// Scores how urgent the temporal agent takes a report to be against labels set for this project.

import { judgeUrgency } from '../../services/agents/core/temporal/urgency.ts';
import { urgencies } from '../../services/agents/core/temporal/urgency-rules.ts';
import { classFigures } from './class-figures.ts';
import type { Metric, Row } from './scorer.ts';

/**
 * macro_f1 and accuracy over the four levels; within_one counts an answer one level off as right; immediate_recall is the share of dangers
 * to life that are seen.
 */
export async function scoreUrgency(rows: readonly Row[]): Promise<readonly Metric[]> {
  const judged = rows.map(({ text, urgency }, at) => {
    if (typeof text !== 'string') throw new Error(`row ${at + 1} lacks text`);
    const gold = urgencies.find((level) => level === urgency);
    if (gold === undefined) throw new Error(`row ${at + 1}: urgency must be one of ${urgencies.join(', ')}`);
    return { gold, answer: judgeUrgency(text).urgency };
  });
  const { macroF1, accuracy } = classFigures(judged);
  const near = judged.filter(
    ({ gold, answer }) => Math.abs(urgencies.indexOf(gold) - urgencies.indexOf(answer)) <= 1,
  );
  const dangers = judged.filter(({ gold }) => gold === 'immediate');
  const seen = dangers.filter(({ answer }) => answer === 'immediate');
  const n = judged.length;
  return [
    { metric: 'macro_f1', value: macroF1, n },
    { metric: 'accuracy', value: accuracy, n },
    { metric: 'within_one', value: near.length / Math.max(1, n), n },
    { metric: 'immediate_recall', value: seen.length / Math.max(1, dangers.length), n: dangers.length },
  ];
}
