// The part of dynalite that is used here; the package brings no types.
declare module 'dynalite' {
  import type { Server } from 'node:http';

  function dynalite(options: {
    /** The LevelDB directory; absent keeps everything in memory. */
    readonly path?: string | undefined;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }): Server;
  export = dynalite;
}

declare module 'dynalite/db/index.js' {
  export interface SecondaryIndex {
    readonly IndexName: string;
  }

  export interface Table {
    readonly TableName: string;
    readonly LocalSecondaryIndexes?: readonly SecondaryIndex[];
    readonly GlobalSecondaryIndexes?: readonly SecondaryIndex[];
  }

  export interface IndexAction {
    readonly index: string;
    readonly key: string;
    readonly item: unknown;
  }

  export type Operation =
    | { readonly type: 'put'; readonly key: string; readonly value: unknown }
    | { readonly type: 'del'; readonly key: string };

  /** The LevelDB beneath; keys are `table~<name>`, `item-<table>~<key>` and `index-<kind>~<table>~<index>~<key>`. */
  export interface LevelStore {
    open(): Promise<void>;
    close(): Promise<void>;
    iterator(range: { readonly gte: string; readonly lt: string }): AsyncIterable<[string, unknown]>;
    batch(operations: readonly Operation[]): Promise<void>;
  }

  export function create(options: { readonly path: string }): { readonly db: LevelStore };
  /** The entries that an item calls for in the given indexes, when there was no item before. */
  export function getIndexActions(
    indexes: readonly SecondaryIndex[],
    existingItem: undefined,
    item: unknown,
    table: Table,
  ): { readonly puts: readonly IndexAction[] };
}
