// Which files a builder is sent, and which of them the Dockerfile copies into the image: read from .dockerignore and the COPY lines themselves. The
// stage `bundle` gathers them, and the last one takes them over as they are.
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Copy, DockerfileParser, type Instruction } from 'dockerfile-ast';

/** A file of the image. */
export interface CopiedFile {
  /** Relative to the root of the checkout. */
  readonly from: string;
  /** Relative to the image's working directory. */
  readonly to: string;
}

/** One COPY line that takes from the checkout. */
interface CopyLine {
  readonly sources: readonly string[];
  readonly destination: string;
}

/** The instructions of the last stage, in order. */
export function lastStage(dockerfile: string): readonly Instruction[] {
  const instructions = DockerfileParser.parse(dockerfile).getInstructions();
  const from = instructions.findLastIndex((instruction) => instruction.getKeyword() === 'FROM');
  return instructions.slice(from);
}

/** The instructions of the stage that gathers what runs. */
function bundleStage(dockerfile: string): readonly Instruction[] {
  const instructions = DockerfileParser.parse(dockerfile).getInstructions();
  const isFrom = (instruction: Instruction): boolean => instruction.getKeyword() === 'FROM';
  const start = instructions.findIndex(
    (it) => isFrom(it) && it.getArguments().at(-1)?.getValue() === 'bundle',
  );
  const rest = instructions.slice(start + 1);
  return rest.slice(0, rest.findIndex(isFrom));
}

/** What is copied of these paths of the checkout, after .dockerignore. Throws for a source of which nothing is there. */
export function imageFiles(root: string, paths: readonly string[]): readonly CopiedFile[] {
  const sent = sentFiles(readFileSync(join(root, '.dockerignore'), 'utf8'), paths);
  const dockerfile = readFileSync(join(root, 'deploy', 'Dockerfile'), 'utf8');
  return copyLines(dockerfile).flatMap(({ sources, destination }) =>
    sources.flatMap((source) => copied({ source, destination, isOne: sources.length === 1 }, sent)),
  );
}

function copyLines(dockerfile: string): readonly CopyLine[] {
  return bundleStage(dockerfile)
    .filter((instruction) => instruction instanceof Copy)
    .filter((instruction) => instruction.getFromFlag() === null)
    .map((instruction) => {
      const words = instruction.getArguments().map((argument) => argument.getValue());
      return { sources: words.slice(0, -1), destination: words.at(-1) ?? '' };
    });
}

interface CopySource {
  readonly source: string;
  readonly destination: string;
  readonly isOne: boolean;
}

/** A folder's content goes into the destination, a file into it or, alone and without a slash at the end, to it. */
function copied({ source, destination, isOne }: CopySource, sent: readonly string[]): CopiedFile[] {
  const target = posix.normalize(destination);
  const isFolder = /(?:^|\/)\.?\/?$/.test(destination) || !isOne;
  const files = sent.flatMap((from) => {
    if (from === source) return [{ from, to: isFolder ? posix.join(target, posix.basename(from)) : target }];
    return from.startsWith(`${source}/`)
      ? [{ from, to: posix.join(target, from.slice(source.length + 1)) }]
      : [];
  });
  if (files.length === 0) throw new Error(`COPY ${source}: nothing of it is sent to the builder`);
  return files;
}

/** The paths that the patterns let through: the last pattern that fits a path, or a folder above it, decides. */
export function sentFiles(dockerignore: string, paths: readonly string[]): readonly string[] {
  const rules = dockerignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keeps: line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }));
  return paths.filter((path) => rules.findLast(({ pattern }) => pattern.test(path))?.keeps ?? true);
}

/** `**` stands for any folders, `*` for anything within one name; what fits a folder fits all in it. */
function patternOf(text: string): RegExp {
  const parts = posix
    .normalize(text)
    .replace(/^\/|\/$/g, '')
    .split('/');
  const source = parts.map((part) => (part === '**' ? '(?:[^/]+/)*' : `${nameOf(part)}/`)).join('');
  return new RegExp(`^${source.replace(/\/$/, '')}(?:/|$)`);
}

function nameOf(part: string): string {
  return part
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
}
