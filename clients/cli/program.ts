// The tree of commands.
import { Command } from 'commander';
import { type Cli, createCli, defaultUrl, type Surroundings } from './cli.ts';
import { addAgents } from './commands/agents.ts';
import { addApprovals } from './commands/approvals.ts';
import { addAsk } from './commands/ask.ts';
import { addAudit } from './commands/audit.ts';
import { addCompletion } from './commands/completion.ts';
import { addData } from './commands/data.ts';
import { addDomains } from './commands/domains.ts';
import { addExecutions } from './commands/executions.ts';
import { addGates } from './commands/gates.ts';
import { addGoldenSets } from './commands/golden-sets.ts';
import { addHealth } from './commands/health.ts';
import { addKeys } from './commands/keys.ts';
import { addLogin } from './commands/login.ts';
import { addPatches } from './commands/patches.ts';
import { addReports } from './commands/reports.ts';
import { addSessions } from './commands/sessions.ts';
import { addSettings } from './commands/settings.ts';
import { addTeams } from './commands/teams.ts';
import { addToolAccess } from './commands/tool-access.ts';
import { addTools } from './commands/tools.ts';
import { addUsage } from './commands/usage.ts';
import { addUsers } from './commands/users.ts';
import { addWorkTasks } from './commands/work-tasks.ts';
import { addWorkers } from './commands/workers.ts';
import { addWorkflows } from './commands/workflows.ts';

/** Name by which the command is called. */
export const commandName = 'domainflow';

const groups: readonly (readonly [
  heading: string,
  ...add: readonly ((program: Command, cli: Cli) => void)[],
])[] = [
  ['Work:', addReports, addAsk, addSessions, addPatches, addData],
  ['Runs:', addExecutions, addApprovals],
  ['Workers:', addWorkers, addWorkTasks, addWorkflows],
  ['Definitions:', addAgents, addDomains, addGoldenSets, addGates, addTools, addToolAccess],
  ['The tenant:', addSettings, addUsers, addTeams, addKeys, addUsage, addAudit, addHealth],
  ['This command:', addLogin, addCompletion],
];

/** The whole command. Its version is that of the package. */
export function createProgram(surroundings: Surroundings, version: string): Command {
  const { stdout, stderr, config } = surroundings;
  const program = new Command(commandName);
  program
    .description(
      'DomainFlow from the terminal: free text into records, questions into answers, definitions into runs.',
    )
    .version(version, '--version', 'show the version')
    .option('--json', 'write JSON to standard output, and nothing else')
    .option(
      '--url <address>',
      `where the API is, else DOMAINFLOW_URL, else that of the login, else ${defaultUrl}`,
    )
    .option(
      '--token <token>',
      'as whom; others on this machine can see arguments, so rather set DOMAINFLOW_TOKEN',
    )
    .helpOption('-h, --help', 'show this')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHasColors: () => stdout.isTTY === true && !config.isPlain,
      getErrHasColors: () => stderr.isTTY === true && !config.isPlain,
    })
    .exitOverride();
  const cli = createCli(surroundings);
  for (const [heading, ...adders] of groups) {
    program.commandsGroup(heading);
    for (const add of adders) add(program, cli);
  }
  return program;
}
