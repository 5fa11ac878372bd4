// The rules of contracts: methods without a level, services among nouns and nouns among verbs are found.
import { describe, expect, it } from '@jest/globals';
import { methodsWithoutLevel, misplacedDeclarations } from './protos.ts';
import { sourceFile } from './source-file.ts';

const verbs = 'proto/domainflow/a/v1/a_service.proto';
const nouns = 'proto/domainflow/a/v1/a.proto';

describe('methodsWithoutLevel', () => {
  it('finds a method without a body and one without the option', () => {
    const text = [
      'service AService {',
      '  rpc GetA(GetARequest) returns (GetAResponse) { option idempotency_level = NO_SIDE_EFFECTS; }',
      '  rpc PutA(PutARequest) returns (PutAResponse);',
      '  rpc WatchA(WatchARequest) returns (stream WatchAResponse) {',
      '    // option idempotency_level = IDEMPOTENT;',
      '  }',
      '}',
    ].join('\n');
    expect(
      methodsWithoutLevel([sourceFile(verbs, text)]).map(({ line, problem }) => `${line} ${problem}`),
    ).toEqual(['3 rpc PutA has no idempotency_level', '4 rpc WatchA has no idempotency_level']);
  });
});

describe('misplacedDeclarations', () => {
  it('finds a service in a noun file', () => {
    expect(misplacedDeclarations([sourceFile(nouns, 'message A {}\nservice AService {}')])).toEqual([
      { path: nouns, line: 2, problem: 'declares AService in a noun file' },
    ]);
  });

  it('finds a noun in a verb file', () => {
    const text =
      'service AService {}\nmessage GetARequest {\n  message Part {}\n}\nmessage GetAResponse {}\n\nmessage A {}\nenum B {}';
    expect(misplacedDeclarations([sourceFile(verbs, text)]).map(({ line }) => line)).toEqual([7, 8]);
  });

  it('leaves published protocols as they are', () => {
    const health = sourceFile(
      'proto/grpc/health/v1/health.proto',
      'message A {}\nservice Health { rpc C(A) returns (A); }',
    );
    expect([...misplacedDeclarations([health]), ...methodsWithoutLevel([health])]).toEqual([]);
  });
});
