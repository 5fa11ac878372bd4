// `domainflow teams`: groups of people that commands assign work to.
import type { Command } from 'commander';
import type { Cli, Frame } from '../cli.ts';
import { type ListOptions, pageLimit, takeRows, withListOptions } from '../list-options.ts';
import { detailLines } from '../screen/details.ts';
import { plainText } from '../screen/plain-text.ts';
import { UsageError } from '../usage-error.ts';

interface MemberOptions {
  /** False for none at all. */
  readonly member?: readonly string[] | false;
}

interface UpdateOptions extends MemberOptions {
  readonly name?: string;
}

const one = '/api/v1/teams/{id}';

/** Adds the commands. */
export function addTeams(program: Command, cli: Cli): void {
  const teams = program.command('teams').description('groups of people that work is assigned to');
  withListOptions(teams.command('list').description('all teams of the tenant')).action(
    cli.action<[], ListOptions>(async ({ api, out }, _, options) => {
      const query = { limit: pageLimit(options) };
      const rows = await takeRows(api.pages('/api/v1/teams', { query }), options);
      out.table(rows, [
        { title: 'TEAM', of: ({ id }) => id },
        { title: 'NAME', of: ({ team_name }) => team_name },
        { title: 'MEMBERS', of: ({ members }) => members.length },
        { title: 'CREATED', of: ({ created_at }) => created_at },
      ]);
    }),
  );
  teams
    .command('get')
    .description('all of a team')
    .argument('<team>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [id]) => {
        const team = await api.get(one, { path: { id } });
        out.result(team, () => detailLines(team));
      }),
    );
  addTeamWrites(teams, cli);
}

function addTeamWrites(teams: Command, cli: Cli): void {
  teams
    .command('create')
    .description('make a team')
    .argument('<name>', 'how it is called')
    .option('-m, --member <user...>', 'ids of its members; `domainflow users list` shows them')
    .action(
      cli.action<[string], MemberOptions>(async ({ api, out }, [team_name], { member }) => {
        const body = { team_name, ...(member && { members: [...member] }) };
        const team = await api.post('/api/v1/teams', { body });
        out.result(team, () => [`${plainText(team.team_name)} is there as ${team.id}.`]);
      }),
    );
  teams
    .command('update')
    .description('rename a team, or say who its members are')
    .argument('<team>', 'its id')
    .option('--name <name>', 'how it is called from now on')
    .option('-m, --member <user...>', 'ids of all its members from now on')
    .option('--no-member', 'it has no members from now on')
    .action(cli.action<[string], UpdateOptions>(update));
  teams
    .command('delete')
    .description('delete a team; its members stay')
    .argument('<team>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [id]) => {
        const answer = await api.delete(one, { path: { id } });
        out.result(answer, () => [answer.message]);
      }),
    );
}

async function update({ api, out }: Frame, [id]: readonly [string], options: UpdateOptions): Promise<void> {
  const { name, member } = options;
  if (name === undefined && member === undefined) {
    throw new UsageError('update takes --name, --member or --no-member');
  }
  const body = {
    ...(name !== undefined && { team_name: name }),
    ...(member !== undefined && { members: member === false ? [] : [...member] }),
  };
  const team = await api.put(one, { path: { id }, body });
  out.result(team, () => [`${plainText(team.team_name)} is changed.`]);
}
