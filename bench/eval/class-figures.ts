// Figures of a classifier over labelled cases. It knows no labels of its own.

/** One case: the label that is right, and the one that was answered; any other text for no answer. */
export interface ClassCase {
  readonly gold: string;
  readonly answer: string;
}

/** How well the answers fit. */
export interface ClassFigures {
  /** The mean of the F1 of all labels that are gold at least once; frequent and rare ones count alike. */
  readonly macroF1: number;
  readonly accuracy: number;
  /** F1 by label. */
  readonly f1: ReadonlyMap<string, number>;
}

/** The figures; all are 0 for no case. */
export function classFigures(cases: readonly ClassCase[]): ClassFigures {
  const labels = [...new Set(cases.map(({ gold }) => gold))].sort();
  const f1 = new Map(labels.map((label) => [label, f1Of(cases, label)]));
  const right = cases.filter(({ gold, answer }) => gold === answer).length;
  return {
    macroF1: [...f1.values()].reduce((sum, each) => sum + each, 0) / Math.max(1, labels.length),
    accuracy: right / Math.max(1, cases.length),
    f1,
  };
}

function f1Of(cases: readonly ClassCase[], label: string): number {
  const golden = cases.filter(({ gold }) => gold === label).length;
  const answered = cases.filter(({ answer }) => answer === label).length;
  const both = cases.filter(({ gold, answer }) => gold === label && answer === label).length;
  return both === 0 ? 0 : (2 * both) / (golden + answered);
}
