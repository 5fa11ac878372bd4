// What callers of PostgreSQL see: a named statement with its values in, rows out.

/** One SQL statement. */
export interface Statement {
  /** What it is called in traces: `<service>.<verb>_<noun>`, the same for all its values. */
  readonly name: string;
  /** SQL with `$1`, `$2` … for every value; never built from input. */
  readonly text: string;
  readonly values?: readonly unknown[];
  /** True parses and plans it once per connection under its name; `text` must then be the same everywhere [false]. */
  readonly prepare?: boolean;
}

/** What a statement answered. `bigint` and `numeric` columns arrive as text, `timestamptz` as Date, `jsonb` parsed. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  /** Rows answered or changed. */
  readonly count: number;
}

/** Runs statements, inside a transaction or each on its own. */
export interface SqlClient {
  /**
   * Statements of one transaction run in the order of their calls, also when nobody waits in between. Broken rules
   * (`violatedConstraint`) and wrong SQL throw the driver's error; what waiting may help throws a Fault.
   */
  query<Row = Record<string, unknown>>(statement: Statement): Promise<Rows<Row>>;
}
