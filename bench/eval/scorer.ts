// What a scorer of a labelled set is: rows in, figures out. Which scorer a file gets is decided by its name in `scorers.ts`.

/** One labelled row; the fields depend on the kind of set. */
export type Row = Readonly<Record<string, unknown>>;

/** One figure of one file. */
export interface Metric {
  /** Name such as `macro_f1`; lower case with underscores. */
  readonly metric: string;
  /** A fraction 0..1; a correlation may be below 0. */
  readonly value: number;
  /** How many cases the figure rests on: rows, expressions, names, as the metric says. */
  readonly n: number;
}

/** Scores the builtin agents on the rows of one file. A row that lacks a labelled field throws an error that names row and field. */
export type Scorer = (rows: readonly Row[], file: string) => Promise<readonly Metric[]>;
