// Jest on native ES modules, which Node itself loads: the same TypeScript files, in the same way, as in production.
export default {
  runtime: '<rootDir>/test/runtime/plain-node.ts',
  testEnvironment: '<rootDir>/test/runtime/environment.ts',
  transform: {},
  testMatch: ['**/*.test.ts'],
  // Ends what hangs; it measures nothing, since a suite may have to share its core.
  testTimeout: 20_000,
  // Modules of a suite stay in memory after it, and some read large models: a worker that has grown begins anew instead of collecting garbage.
  workerIdleMemoryLimit: '1GB',
  testPathIgnorePatterns: ['/node_modules/', '/bench/peers/', '/\\.domainflow/'],
  modulePathIgnorePatterns: ['/\\.domainflow/'],
};
