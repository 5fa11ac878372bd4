// Jest on native ES modules; swc strips types only. Node runs the same TypeScript files unbundled in production.
const projectDefaults = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

export default {
  ...projectDefaults,
  setupFiles: ['<rootDir>/test/error-realm.ts'],
  testMatch: ['**/*.test.ts'],
  // Ends what hangs; it measures nothing, since a suite may have to share its core.
  testTimeout: 20_000,
  // Modules of a suite stay in memory after it, and some read large models: a worker that has grown begins anew instead of collecting garbage.
  workerIdleMemoryLimit: '1GB',
  testPathIgnorePatterns: ['/node_modules/', '/bench/peers/', '/\\.domainflow/'],
  modulePathIgnorePatterns: ['/\\.domainflow/'],
};
