// What is remembered of one simulated history: the first promise that was broken and, for a replay, a line for everything that happened.

/** The record of one history. */
export interface History {
  /** What was broken first; undefined as long as nothing is. */
  readonly broken: string | undefined;
  /** Present only in a replay. */
  readonly lines: readonly string[] | undefined;
  /** Adds a line, which is made only when lines are kept. */
  note(line: () => string): void;
  /** A short name for a long id, the same for the same one. */
  nameOf(id: string): string;
  /** A promise is broken: the history ends here. */
  fail(sentence: string): void;
}

/** An empty record. */
export function createHistory(options: { readonly traced: boolean; readonly nowMs: () => number }): History {
  const lines: string[] | undefined = options.traced ? [] : undefined;
  const names = new Map<string, string>();
  let broken: string | undefined;
  const add = (line: string): void => void lines?.push(`${String(options.nowMs()).padStart(7)}  ${line}`);
  return {
    get broken() {
      return broken;
    },
    lines,
    note: (line) => {
      if (lines) add(line());
    },
    nameOf(id) {
      const name = names.get(id) ?? `o${names.size + 1}`;
      names.set(id, name);
      return name;
    },
    fail: (sentence) => {
      broken ??= sentence;
      add(`BROKEN ${sentence}`);
    },
  };
}
