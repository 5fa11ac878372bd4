// How jest loads test files here: as Node itself does. Jest's own runtime gives each test file a realm of its own and loads every module
// anew into it, which costs more than most of the tests and differs from production, where one realm runs the same TypeScript.
// Jest keeps the rest: choosing, workers, time limits, reports. Test files share the modules and globals of their worker, so a test puts back
// what it changes of the process; nothing here guards that. There are no mocks of modules, no coverage and no watch mode in one process.
import { createRequire, flushCompileCache, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type SuiteGlobals, setSuiteGlobals, timeLimit } from './globals.ts';

const require = createRequire(import.meta.url);
const globalsUrl = new URL('./globals.ts', import.meta.url).href;

// Where jest keeps what listens to the events of a test file; it outlives the file unless it is taken away.
const eventHandlers = Symbol.for('EVENT_HANDLERS');

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') return { url: globalsUrl, shortCircuit: true };
    return next(specifier, context);
  },
});

/** What jest's runner asks of a runtime, one for each test file: every module comes from Node's own loader. */
export default class PlainNodeRuntime {
  readonly #exit = process.exit;
  readonly #console = globalThis.console;

  /** A part of jest itself, made anew for each test file: it holds what that file declared. */
  requireInternalModule(path: string): unknown {
    delete require.cache[path];
    return require(path);
  }

  requireModule(path: string): unknown {
    return require(path);
  }

  unstable_shouldLoadAsEsm(): boolean {
    return true;
  }

  async unstable_importModule(path: string): Promise<unknown> {
    return import(pathToFileURL(path).href);
  }

  setGlobalsForRuntime(globals: SuiteGlobals): void {
    setSuiteGlobals(globals);
  }

  enterTestCode(): void {}

  leaveTestCode(): void {}

  getSourceMaps(): undefined {
    return undefined;
  }

  getAllCoverageInfoCopy(): undefined {
    return undefined;
  }

  /** After the last test of the file, or after what kept it from being read. */
  teardown(): void {
    process.exit = this.#exit;
    globalThis.console = this.#console;
    for (const name of [timeLimit, eventHandlers]) Reflect.deleteProperty(globalThis, name);
    flushCompileCache(); // so that processes which tests start and kill find compiled what this one has compiled
  }
}

/** Jest asks for the default export as of a CommonJS module. */
export const __esModule = true;
