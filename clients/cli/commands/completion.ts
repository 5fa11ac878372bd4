// `domainflow completion`: what a shell needs to complete commands and options.
import { Argument, type Command } from 'commander';
import type { Cli } from '../cli.ts';
import { completionScript, type ShellName, shellNames, type Word } from '../completion.ts';

/** Adds the command. */
export function addCompletion(program: Command, cli: Cli): void {
  program
    .command('completion')
    .description('a script that lets a shell complete commands and options')
    .addArgument(new Argument('<shell>', 'which shell').choices(shellNames))
    .addHelpText(
      'after',
      `
Put it where your shell looks:
  bash   source <(domainflow completion bash)
  zsh    source <(domainflow completion zsh)
  fish   domainflow completion fish > ~/.config/fish/completions/domainflow.fish`,
    )
    .action(
      cli.action<[ShellName]>(async ({ out }, [shell]) => {
        const script = completionScript(shell, wordOf(program));
        out.result({ shell, script }, () => [script]);
      }),
    );
}

function wordOf(command: Command): Word {
  const own = command.options.flatMap(({ long, description }) => (long ? [{ name: long, description }] : []));
  return {
    name: command.name(),
    description: command.description(),
    options: [...own, { name: '--help', description: 'show help' }],
    words: command.commands.map(wordOf),
  };
}
