// The Dockerfile by the rules of builders, and by ours: who runs it, what starts in it, and what it may take along.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { lastStage } from './build-context.for-test.ts';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'deploy', 'Dockerfile'), 'utf8');
const manifest: { version: string; devDependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

function only(keyword: string): string {
  const found = lastStage(text).filter((instruction) => instruction.getKeyword() === keyword);
  expect(found).toHaveLength(1);
  return found[0]?.getRawArgumentsContent()?.replaceAll(/\s*\\\n\s*/g, ' ') ?? '';
}

describe('the Dockerfile', () => {
  it('is clean', () => {
    expect(validate(text)).toEqual([]);
  });

  it('would be told what is wrong with it', () => {
    expect(validate(text.replace('HEALTHCHECK --interval=10s', 'HEALTHCHECK --interval=10'))).not.toEqual([]);
  });

  it('builds every stage on the Node that everything is tested on, by its version', () => {
    const instructions = DockerfileParser.parse(text).getInstructions();
    const bases = instructions
      .filter((instruction) => instruction.getKeyword() === 'FROM')
      .map((instruction) => instruction.getArguments()[0]?.getValue());
    expect(new Set(bases)).toEqual(new Set([`\${NODE_IMAGE}`]));
    expect(text).toContain(`ARG NODE_IMAGE=node:${manifest.devDependencies.node}-bookworm-slim\n`);
  });

  it('runs as a user that is not root, told by its number', () => {
    expect(only('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('starts the chosen program below an init, without a shell', () => {
    expect(JSON.parse(only('ENTRYPOINT'))).toEqual([
      '/usr/bin/tini',
      '--',
      'node',
      '/app/deploy/image/run.ts',
    ]);
    expect(text).not.toMatch(/^CMD/m);
  });

  it('takes over what was gathered, and nothing else', () => {
    expect(only('COPY')).toBe('/app ./');
    expect(text).toContain('\nCOPY --from=bundle /app ./\n');
    expect(text).toContain('COPY --from=dependencies /app/node_modules ./node_modules\n');
    expect(text).not.toMatch(/^ADD /m);
  });

  it('asks the process of the container how it is', () => {
    expect(only('HEALTHCHECK')).toMatch(/CMD \["node", "\/app\/deploy\/image\/run.ts", "health-probe"\]$/);
  });

  it('installs what the lock file has, for production, and needs no script of a package', () => {
    expect(text).toMatch(/npm ci --omit=dev --ignore-scripts/);
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    const scripted = Object.entries<{ dev?: boolean; hasInstallScript?: boolean }>(packages)
      .filter(([path, { dev, hasInstallScript }]) => path !== '' && !dev && hasInstallScript)
      .map(([path]) => path);
    // That of protobufjs only prints a sentence on how its version is written in package.json.
    expect(scripted).toEqual(['node_modules/protobufjs']);
  });

  it('says what the image is', () => {
    expect(only('LABEL')).toContain('org.opencontainers.image.licenses="Apache-2.0"');
    expect(text).toContain(`ARG VERSION=${manifest.version}\n`);
  });
});
