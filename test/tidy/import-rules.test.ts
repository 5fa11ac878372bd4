// The import table, row by row: what each room may import and what it may not.
import { describe, expect, it } from '@jest/globals';
import { forbiddenImports } from './import-rules.ts';
import { sourceFile } from './source-file.ts';

function problems(path: string, text: string) {
  return forbiddenImports([sourceFile(path, text)]);
}

function refuses(path: string, name: string): boolean {
  return problems(path, `import { a } from '${name}';`).length === 1;
}

describe('forbiddenImports', () => {
  it.each([
    ['services/a/main.ts', '../../foundation/rpc/server.ts'],
    ['services/a/main.ts', './core/x.ts'],
    ['services/a/config.ts', '../../foundation/rpc/server.ts'],
    ['services/a/config.ts', './core/x.ts'],
    ['services/a/app.ts', '../b/core/x.ts'],
    ['services/a/core/x.ts', '../store/store.ts'],
    ['services/a/core/x.ts', '../../b/core/x.ts'],
    ['services/a/core/x.ts', '../../../foundation/clock.ts'],
    ['services/a/core/x.ts', '../../../proto/gen/domainflow/a/v1/a_pb.js'],
    ['services/a/core/x.ts', 'node:fs'],
    ['services/a/core/x.ts', 'node:fs/promises'],
    ['services/a/core/x.ts', 'pg'],
    ['services/a/core/x.ts', 'fastify'],
    ['services/a/rpc/x.ts', '../store/postgres-store.ts'],
    ['services/a/rpc/x.ts', '../app.ts'],
    ['services/a/rpc/x.ts', '../../../foundation/postgres/pool.ts'],
    ['services/a/rpc/x.ts', '@aws-sdk/lib-dynamodb'],
    ['services/a/rpc/x.ts', '../../../gateway/http/x.ts'],
    ['services/a/store/x.ts', '../rpc/x.ts'],
    ['services/a/store/x.ts', '../../../proto/gen/domainflow/a/v1/a_pb.js'],
    ['services/a/engine/x.ts', '../store/postgres-store.ts'],
    ['services/a/engine/x.ts', 'pg'],
    ['services/a/tools/x.ts', '../store/store.ts'],
    ['services/a/attic/x.ts', '../core/x.ts'],
    ['services/a/core/x.test.ts', '../../b/core/x.ts'],
    ['gateway/routes/x.ts', '../../services/a/core/x.ts'],
    ['gateway/routes/x.ts', 'pg'],
    ['gateway/app.ts', '../local/mesh.ts'],
    ['foundation/rpc/x.ts', '../../services/a/core/x.ts'],
    ['foundation/rpc/x.ts', '../../proto/gen/domainflow/registry/v1/agent_pb.js'],
    ['foundation/rpc/x.ts', '../../local/mesh.ts'],
    ['clients/x.ts', '../gateway/http/x.ts'],
    ['clients/x.ts', '../foundation/ids/ids.ts'],
  ])('refuses in %s an import of %s', (path, name) => {
    expect(refuses(path, name)).toBe(true);
  });

  it.each([
    ['services/a/main.ts', './app.ts'],
    ['services/a/main.ts', '../../foundation/process/run.ts'],
    ['services/a/config.ts', '../../foundation/config/read.ts'],
    ['services/a/app.ts', './store/postgres-store.ts'],
    ['services/a/app.ts', '../../foundation/postgres/pool.ts'],
    ['services/a/core/x.ts', './y/z.ts'],
    ['services/a/core/x.ts', '../../../foundation/fault/fault.ts'],
    ['services/a/core/x.ts', '../../../foundation/ids/ids.ts'],
    ['services/a/core/x.ts', 'ajv/dist/2020.js'],
    ['services/a/rpc/x.ts', '../core/x.ts'],
    ['services/a/rpc/x.ts', '../store/store.ts'],
    ['services/a/rpc/x.ts', '../engine/engine.ts'],
    ['services/a/rpc/x.ts', '../../../proto/gen/domainflow/b/v1/b_pb.js'],
    ['services/a/store/x.ts', 'pg'],
    ['services/a/store/x.ts', '../../../foundation/dynamodb/table.ts'],
    ['services/a/runtimes/x.ts', '../tools/x.ts'],
    ['services/a/rpc/x.test.ts', '../store/postgres-store.ts'],
    ['services/a/rpc/x.test.ts', '../../../local/databases.ts'],
    ['gateway/routes/x.ts', '../auth/x.ts'],
    ['foundation/postgres/x.ts', 'pg'],
    ['foundation/rpc/x.ts', '../postgres/pool.ts'],
    ['foundation/rpc/x.ts', '../../proto/gen/domainflow/common/v1/fault_pb.js'],
    ['local/mesh.ts', '../services/a/app.ts'],
    ['test/e2e.test.ts', '../services/a/app.ts'],
    ['clients/x.ts', '../proto/gen/domainflow/agents/v1/x_pb.js'],
  ])('allows in %s an import of %s', (path, name) => {
    expect(refuses(path, name)).toBe(false);
  });

  it('lets a config use the types of its core', () => {
    expect(problems('services/a/config.ts', "import type { A } from './core/x.ts';")).toEqual([]);
  });

  it('names file, line and what was imported', () => {
    expect(problems('services/a/core/x.ts', "// A core.\nimport { Pool } from 'pg';")).toEqual([
      { path: 'services/a/core/x.ts', line: 2, problem: 'services/a: core may not import pg' },
    ]);
  });
});
