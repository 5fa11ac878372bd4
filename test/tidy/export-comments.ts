// Every export says what its type does not: a doc comment stands directly above it. Rows of re-exports need one comment
// above the row, of either kind.
import type { Offence } from './offence.ts';
import { isTest, lineAt, type SourceFile } from './source-file.ts';

const declaration =
  /^export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|const|let|class|interface|type|enum)\s+([\w$]+|\{[^}]*\}|\[[^\]]*\])(?!\s*from\b)/gm;
const reExport = /^export\s+(?:type\s+)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)(?:\s*from\b[^\n]*)?;?/gm;

/** Exports without a comment directly above them. Test files export nothing that needs one. */
export function uncommentedExports(sources: readonly SourceFile[]): readonly Offence[] {
  return sources
    .filter(({ path }) => !isTest(path) || !path.endsWith('.test.ts'))
    .flatMap((source) => [...bareDeclarations(source), ...bareRows(source)]);
}

function bareDeclarations(source: SourceFile): Offence[] {
  let previous = '';
  return [...source.code.matchAll(declaration)].flatMap(({ index, 1: name = '', 0: match }) => {
    const isOverload = name === previous;
    previous = name;
    if (isOverload || /export\s+type\s*\{/.test(match) || above(source, index).endsWith('*/')) return [];
    return [
      {
        path: source.path,
        line: lineAt(source.text, index),
        problem: `exports ${name} without a doc comment`,
      },
    ];
  });
}

function bareRows(source: SourceFile): Offence[] {
  let rowEnd = Number.NEGATIVE_INFINITY;
  return [...source.code.matchAll(reExport)].flatMap(({ index, 0: match }) => {
    const isSameRow = index === rowEnd + 1;
    rowEnd = index + match.length;
    if (isSameRow || /^(?:\/\/|.*\*\/$)/.test(above(source, index))) return [];
    return [{ path: source.path, line: lineAt(source.text, index), problem: 're-exports without a comment' }];
  });
}

/** The line above an offset, trimmed. */
function above({ text }: SourceFile, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 2) + 1, Math.max(0, offset - 1)).trim();
}
