// The rules of the contracts that buf has no rule for: noun files and verb files, and what a method says about retries.
import type { Offence } from './offence.ts';
import { lineAt, type SourceFile } from './source-file.ts';

/** Methods without an idempotency level: a client could not know whether it may repeat them. */
export function methodsWithoutLevel(protos: readonly SourceFile[]): readonly Offence[] {
  return ours(protos).flatMap(({ path, code }) =>
    [...code.matchAll(/\brpc\s+(\w+)\s*\([^)]*\)\s*returns\s*\([^)]*\)\s*(;|\{[^}]*\})/g)]
      .filter(({ 2: body = '' }) => !/\boption\s+idempotency_level\s*=\s*\w+/.test(body))
      .map(({ index, 1: name }) => ({
        path,
        line: lineAt(code, index),
        problem: `rpc ${name} has no idempotency_level`,
      })),
  );
}

/** Services in noun files, and messages in verb files that are neither a request nor a response nor inside of one. */
export function misplacedDeclarations(protos: readonly SourceFile[]): readonly Offence[] {
  return ours(protos).flatMap(({ path, code }) =>
    path.endsWith('_service.proto')
      ? declarations(path, code, /^(?:message|enum)\s+(?!\w*(?:Request|Response)\b)(\w+)/gm, 'in a verb file')
      : declarations(path, code, /^service\s+(\w+)/gm, 'in a noun file'),
  );
}

/** Published protocols under other names, such as gRPC health, keep the form they were published in. */
function ours(protos: readonly SourceFile[]): readonly SourceFile[] {
  return protos.filter(({ path }) => path.startsWith('proto/domainflow/'));
}

function declarations(path: string, code: string, pattern: RegExp, where: string): Offence[] {
  return [...code.matchAll(pattern)].map(({ index, 1: name }) => ({
    path,
    line: lineAt(code, index),
    problem: `declares ${name} ${where}`,
  }));
}
