// Counts the writes of one report that a process sends to its stores, from its document on, and ends the process before or after one of
// them. What the sweep may still be doing for other reports, or for an earlier version of this one, does not count.

/** How the document is written; every write of a report begins with it. */
const documentWrite = 'PutItem Reports';

/** Where a process ends. */
export interface CrashPoint {
  /** Which write, from 0. */
  readonly step: number;
  /** Before the write is done, or after, when its answer is lost. */
  readonly when: 'before' | 'after';
}

/** A write as a proxy sees it. */
export interface SeenWrite {
  readonly name: string;
  /** What is sent; it holds the id of its report. */
  readonly bytes: Buffer;
}

/** What proxies ask before and after each write. False means that the process is dead, and nothing is to be passed on. */
export interface WriteSteps {
  /** `step` is undefined for writes that do not count. */
  before(write: SeenWrite): { readonly goesOn: boolean; readonly step: number | undefined };
  after(step: number | undefined): boolean;
  /** Counts anew, for this report; `crash` is called once, at the point, and at none without one. */
  begin(incidentId: string, point?: CrashPoint, crash?: () => void): void;
  /** Whether the point was reached since then. */
  isDead(): boolean;
  /** Names of the writes since then. */
  seen(): readonly string[];
}

/** Steps of one process at a time. */
export function createWriteSteps(): WriteSteps {
  let names: string[] = [];
  let counted = '';
  let point: CrashPoint | undefined;
  let crash = (): void => undefined;
  let dead = false;
  const meets = (step: number | undefined, when: CrashPoint['when']): boolean => {
    if (step !== undefined && point?.step === step && point.when === when && !dead) {
      dead = true;
      crash();
    }
    return dead;
  };
  return {
    before({ name, bytes }) {
      const counts = bytes.includes(counted) && (names.length > 0 || name === documentWrite);
      const step = counts ? names.push(name) - 1 : undefined;
      return { goesOn: !meets(step, 'before'), step };
    },
    after: (step) => !meets(step, 'after'),
    begin(incidentId, at, then = () => undefined) {
      [names, counted, point, crash, dead] = [[], incidentId, at, then, false];
    },
    isDead: () => dead,
    seen: () => names,
  };
}
