// The scripts complete what there is; bash is asked itself.
import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { completionScript, shellNames, type Word } from './completion.ts';

const option = (name: string) => ({ name, description: `it's ${name}` });
const leaf = (name: string, options: readonly string[] = []): Word => ({
  ...{ name, description: `${name} it`, words: [], options: options.map(option) },
});
const tree: Word = {
  ...{ name: 'domainflow', description: '', options: [option('--json')] },
  words: [
    { ...leaf('agents'), words: [leaf('list', ['--limit']), leaf('get')] },
    { ...leaf('runs'), words: [leaf('list', ['--kind'])] },
  ],
};

function completed(...line: readonly string[]): readonly string[] {
  const script = `${completionScript('bash', tree)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _domainflow; echo "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script, 'bash', 'domainflow', ...line], { encoding: 'utf8' })
    .trim()
    .split(' ');
}

it.each([
  [[''], ['agents', 'runs', '--json']],
  [['ag'], ['agents']],
  [
    ['agents', ''],
    ['list', 'get', '--json'],
  ],
  [
    ['--json', 'agents', 'list', '--'],
    ['--limit', '--json'],
  ],
  [['runs', 'list', '--k'], ['--kind']],
  [['runs', 'get', '--k'], ['']],
])('completes %j in bash', (line, words) => {
  expect(completed(...line)).toEqual(words);
});

it('names every command and option for every shell', () => {
  for (const shell of shellNames) {
    const script = completionScript(shell, tree);
    for (const word of ['agents', 'runs', 'list', 'get', 'json', 'limit', 'kind'])
      expect(script).toContain(word);
  }
});

it('keeps descriptions within their quotes', () => {
  expect(completionScript('fish', tree)).toContain("-l json -d 'it\\'s --json'");
});
