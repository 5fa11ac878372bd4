// Finds import cycles among the files of the checkout; imports of types count too. Generated code is not looked at.
import { importsOf } from './imports.ts';
import type { Offence } from './offence.ts';
import type { SourceFile } from './source-file.ts';

interface Edge {
  readonly to: string;
  readonly line: number;
}

type Graph = ReadonlyMap<string, readonly Edge[]>;

/** One offence for each import that closes a cycle, with the whole way round. Files that are not given are leaves. */
export function importCycles(sources: readonly SourceFile[]): readonly Offence[] {
  const graph = graphOf(sources);
  const done = new Set<string>();
  return [...graph.keys()].flatMap((path) => walk(graph, path, [], done));
}

function graphOf(sources: readonly SourceFile[]): Graph {
  return new Map(
    sources.map((source) => [
      source.path,
      importsOf(source).flatMap(({ path, line }) => (path === undefined ? [] : [{ to: path, line }])),
    ]),
  );
}

function walk(graph: Graph, path: string, trail: readonly string[], done: Set<string>): Offence[] {
  if (done.has(path)) return [];
  const here = [...trail, path];
  const found = (graph.get(path) ?? []).flatMap(({ to, line }) => {
    const start = here.indexOf(to);
    if (start === -1) return walk(graph, to, here, done);
    return [{ path, line, problem: `closes the cycle ${[...here.slice(start), to].join(' -> ')}` }];
  });
  done.add(path);
  return found;
}
