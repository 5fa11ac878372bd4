// Makes the contents of the Secrets that the chart asks for, as files of one folder for each Secret. Plain JavaScript without packages, for
// Node 20: it runs wherever a cluster is administered. It refuses to write over what is there.
//   node k8s/make-keys.mjs <folder>
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const roles = ['registry', 'reports', 'orchestrator', 'engine'];

/** A pair of Ed25519 keys as JSON Web Keys; `kid` is the thumbprint of RFC 7638. */
function signingKey() {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
  const publicJwk = { kty, crv, x, kid, alg: 'EdDSA', use: 'sig' };
  return { publicJwk, privateJwk: { ...publicJwk, d } };
}

function keys() {
  const [gateway, orchestrator, agents] = [signingKey(), signingKey(), signingKey()];
  const meshKeys = {
    gateway: [gateway.publicJwk],
    orchestrator: [orchestrator.publicJwk],
    agents: [agents.publicJwk],
  };
  const id = new Date().toISOString().slice(0, 7);
  return {
    'mesh-keys': JSON.stringify(meshKeys),
    'gateway-signing-key': JSON.stringify(gateway.privateJwk),
    'run-signing-key': JSON.stringify(orchestrator.privateJwk),
    'agents-signing-key': JSON.stringify(agents.privateJwk),
    'page-token-key': randomBytes(32).toString('base64url'),
    'credentials-keys': JSON.stringify([{ id, key: randomBytes(32).toString('base64url') }]),
  };
}

function passwords() {
  const names = ['admin', ...roles].map((role) => `${role}-password`);
  return Object.fromEntries(names.map((name) => [name, randomBytes(24).toString('base64url')]));
}

function write(folder, files) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, name), text, { mode: 0o600, flag: 'wx' });
}

const [, , folder] = process.argv;
if (folder === undefined) {
  process.stderr.write('Usage: node k8s/make-keys.mjs <folder>\n');
  process.exit(64);
}
write(join(folder, 'domainflow-keys'), keys());
write(join(folder, 'domainflow-database'), passwords());
