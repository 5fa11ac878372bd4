// What is read out of the errors that Node really throws for modules that are not there.
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { maskFields } from './masking.ts';
import { missingModuleOf } from './missing-module.ts';

let folder: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'missing-module-')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function failureOf(name: string, source: string): Promise<unknown> {
  const path = join(folder, name);
  await writeFile(path, source);
  return import(pathToFileURL(path).href).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a module that is not there', () => {
  it.each([
    ['package.mjs', "import 'no-such-package/part'", 'no-such-package'],
    ['require.cjs', "require('no-such-package')", 'no-such-package'],
  ])('is named with who asked and every folder that was searched (%s)', async (name, source, module) => {
    const missing = missingModuleOf(await failureOf(name, source));
    expect(missing).toMatchObject({ module, importedFrom: join(folder, name) });
    expect(missing?.searchPath.slice(0, 2)).toEqual([
      join(folder, 'node_modules'),
      join(dirname(folder), 'node_modules'),
    ]);
    expect(missing?.searchPath.at(-1)).toBe('/node_modules');
  });

  it('is named by its path where it is a file', async () => {
    const missing = missingModuleOf(await failureOf('file.mjs', "import './no-such-file.ts'"));
    expect(missing).toMatchObject({ module: join(folder, 'no-such-file.ts'), searchPath: [folder] });
  });

  it('is logged with its name, the search path and the stack', async () => {
    const err = await failureOf('logged.mjs', "import 'no-such-package'");
    expect(maskFields({ err })).toMatchObject({
      err: {
        code: 'ERR_MODULE_NOT_FOUND',
        module: 'no-such-package',
        search_path: expect.arrayContaining([join(folder, 'node_modules')]),
        stack: expect.stringContaining('packageResolve'),
      },
    });
  });

  it('is told from every other error', async () => {
    expect(
      missingModuleOf(await failureOf('broken.mjs', 'throw new Error("Cannot find module \'x\'")')),
    ).toBe(undefined);
    expect(missingModuleOf(undefined)).toBe(undefined);
  });
});
