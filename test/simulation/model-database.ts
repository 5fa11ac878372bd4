// A database in memory that runs statements as PostgreSQL does where it matters to the engine: a statement takes time, holds rows meanwhile,
// and commits all or nothing; the row of an owner that is held cannot be ended; what a restart meets is rolled back, and its caller is not
// told which it was. What the statements say is the business of the stores.
import { Fault } from '../../foundation/fault/fault.ts';
import type { Random } from './random.ts';
import type { Process, VirtualTime } from './virtual-time.ts';

/** A statement takes no longer than this in the database, in milliseconds; then it is rolled back. */
const statementMsMax = 10_000;

/** The row of an owner. */
export interface OwnerRow {
  readonly ownerId: string;
  readonly replicaName: string;
  readonly address: string;
  /** The process that registered it. */
  readonly process: Process;
  endedAtMs: number | undefined;
  beatAtMs: number;
  /** Statements that hold the row now. */
  holders: number;
  /** Statements that wait for nobody to hold it. */
  readonly waiting: (() => void)[];
}

/** One statement, or one transaction that nothing comes between. */
export interface Statement<T> {
  readonly name: string;
  /** Owner whose row is held until the commit. */
  readonly holds?: string;
  /** The answer when that owner has ended; present with `holds`. */
  readonly fenced?: T;
  /** Owners that it ends, found when it begins. */
  readonly ends?: () => readonly string[];
  /** Locks rows when it begins; answers how to let go of them. */
  readonly lock?: () => () => void;
  /** Its reply is lost, and the session that it ran in. */
  readonly onSessionLost?: () => void;
  /** Changes everything at once. What it throws is thrown at the caller, and nothing may be changed then. */
  readonly commit: () => T;
}

/** What becomes of one statement, besides what it says. Times in milliseconds. */
export interface Fate {
  readonly isRefused: boolean;
  readonly isReplyLost: boolean;
  readonly onTheWayMs: number;
  readonly inDatabaseMs: number;
}

/** Runs statements. */
export interface ModelDatabase {
  readonly owners: ReadonlyMap<string, OwnerRow>;
  /** When the server started, in milliseconds since the history began. */
  startedAtMs(): number;
  addOwner(owner: OwnerRow): void;
  run<T>(process: Process, statement: Statement<T>): Promise<T>;
  /** Ends every session and everything under way, of which some has just been committed, and is away for a while. */
  restart(awayMs: number): void;
  /** Nobody reaches it for a while; what is under way goes on, but its reply is lost. */
  cutOff(awayMs: number): void;
}

/** What the database is made from. */
export interface ModelDatabaseOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly fateOf: (name: string) => Fate;
  readonly note: (line: () => string) => void;
  /** All sessions have ended: the locks that they held are gone. */
  readonly onSessionsLost: () => void;
}

interface UnderWay {
  /** Nothing more comes of it. */
  isOver: boolean;
  /** Changes what it changes, if it can now, and tells nobody. */
  commit(): void;
  /** Lets go of everything that it holds. */
  leave(): void;
  fail(error: unknown): void;
}

interface Server extends ModelDatabaseOptions {
  readonly owners: Map<string, OwnerRow>;
  readonly underWay: Set<UnderWay>;
  startedAtMs: number;
  awayUntilMs: number;
}

/** A database without rows. */
export function createModelDatabase(options: ModelDatabaseOptions): ModelDatabase {
  const { time } = options;
  const state = { owners: new Map(), underWay: new Set<UnderWay>() };
  const server: Server = { ...options, ...state, startedAtMs: -3_600_000, awayUntilMs: -1 };
  return {
    owners: server.owners,
    startedAtMs: () => server.startedAtMs,
    addOwner: (owner) => void server.owners.set(owner.ownerId, owner),
    run: (process, statement) => run(server, process, statement),
    restart: (awayMs) => restart(server, awayMs),
    cutOff(awayMs) {
      server.awayUntilMs = Math.max(server.awayUntilMs, time.nowMs() + awayMs);
    },
  };
}

function run<T>(server: Server, process: Process, statement: Statement<T>): Promise<T> {
  const { time, random, fateOf } = server;
  return new Promise<T>((resolve, reject) => {
    const fate = fateOf(statement.name);
    const soon = (act: () => void) => time.after(random.between(1, 3), process, act);
    const fail = (error: unknown): void => void soon(() => reject(error));
    const lose = (): void => {
      statement.onSessionLost?.();
      fail(unavailable());
    };
    const answer = fate.isReplyLost ? lose : (value: T): void => void soon(() => resolve(value));
    const arrive = (): void => execute(server, statement, { fate, answer, fail, lose });
    if (fate.onTheWayMs > 0) time.after(fate.onTheWayMs, undefined, arrive);
    else arrive();
  });
}

function restart(server: Server, awayMs: number): void {
  const { time, random, underWay, onSessionsLost } = server;
  server.startedAtMs = time.nowMs() + awayMs;
  server.awayUntilMs = server.startedAtMs;
  onSessionsLost();
  const ended = [...underWay];
  for (const each of ended) each.isOver = true;
  for (const each of ended) {
    if (random.chance(0.3)) each.commit();
    each.leave();
    each.fail(unavailable());
  }
}

function isAway({ time, awayUntilMs }: Server): boolean {
  return time.nowMs() < awayUntilMs;
}

function execute<T>(server: Server, statement: Statement<T>, caller: Caller<T>): void {
  const { holds } = statement;
  if (isAway(server) || caller.fate.isRefused) caller.fail(unavailable());
  else if (holds !== undefined && !hold(server, holds)) caller.answer(statement.fenced as T);
  else carryOut(server, statement, caller);
}

function hold({ owners }: Server, ownerId: string): boolean {
  const owner = owners.get(ownerId);
  if (!owner || owner.endedAtMs !== undefined) return false;
  owner.holders += 1;
  return true;
}

function letGo({ owners }: Server, ownerId: string | undefined): void {
  const owner = owners.get(ownerId ?? '');
  if (!owner) return;
  owner.holders -= 1;
  if (owner.holders === 0) for (const goOn of owner.waiting.splice(0)) goOn();
}

function carryOut<T>(server: Server, statement: Statement<T>, caller: Caller<T>): void {
  const { time, owners } = server;
  const { inDatabaseMs } = caller.fate;
  const own = open(server, statement, { commit: () => isFree() && statement.commit(), fail: caller.fail });
  const ending = statement.ends?.() ?? [];
  const isFree = (): boolean => !ending.some((ownerId) => isHeld(owners.get(ownerId)));
  const complete = (): void => {
    if (own.isOver) return;
    const busy = ending.map((ownerId) => owners.get(ownerId)).find(isHeld);
    if (busy) busy.waiting.push(complete);
    else commit(server, statement, { own, caller });
  };
  const giveUp = (): void => {
    if (own.isOver) return;
    own.leave();
    caller.fail(new Fault('deadline_exceeded', 'The database took too long'));
  };
  if (inDatabaseMs > statementMsMax) time.after(statementMsMax, undefined, giveUp);
  else if (inDatabaseMs > 0) time.after(inDatabaseMs, undefined, complete);
  else complete();
}

interface Opening {
  readonly commit: () => void;
  readonly fail: UnderWay['fail'];
}

function open<T>(server: Server, { lock, holds }: Statement<T>, opening: Opening): UnderWay {
  const unlock = lock?.();
  const own: UnderWay = {
    isOver: false,
    fail: opening.fail,
    commit() {
      try {
        opening.commit();
      } catch {
        // What breaks a rule is rolled back.
      }
    },
    leave() {
      own.isOver = true;
      server.underWay.delete(own);
      unlock?.();
      letGo(server, holds);
    },
  };
  server.underWay.add(own);
  return own;
}

function isHeld(owner: OwnerRow | undefined): boolean {
  return (owner?.holders ?? 0) > 0;
}

interface Committing<T> {
  readonly own: UnderWay;
  readonly caller: Caller<T>;
}

function commit<T>(server: Server, statement: Statement<T>, { own, caller }: Committing<T>): void {
  try {
    const answer = statement.commit();
    own.leave();
    const reply = caller.fate.isReplyLost ? ', its reply lost' : '';
    server.note(() => `   database  ${statement.name} is committed${reply}`);
    if (isAway(server)) caller.lose();
    else caller.answer(answer);
  } catch (error) {
    own.leave();
    caller.fail(error);
  }
}

interface Caller<T> {
  readonly fate: Fate;
  readonly answer: (value: T) => void;
  readonly fail: (error: unknown) => void;
  /** The reply is lost, and the session with it. */
  readonly lose: () => void;
}

function unavailable(): Fault {
  return new Fault('unavailable', 'The database is not available', { retryAfterMs: 1_000 });
}
