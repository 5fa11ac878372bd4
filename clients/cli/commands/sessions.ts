// `domainflow sessions`: conversations that questions belong to.
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { type ListOptions, pageLimit, takeRows, withListOptions } from '../list-options.ts';
import { plainText } from '../screen/plain-text.ts';

/** Adds the commands. */
export function addSessions(program: Command, cli: Cli): void {
  const sessions = program.command('sessions').description('conversations that questions belong to');
  withListOptions(sessions.command('list').description('your own, the last active first')).action(
    cli.action<[], ListOptions>(async ({ api, out }, _, options) => {
      const rows = await takeRows(
        api.pages('/api/v1/sessions', { query: { limit: pageLimit(options) } }),
        options,
      );
      out.table(rows, [
        { title: 'SESSION', of: ({ session_id }) => session_id },
        { title: 'TITLE', of: ({ title }) => title },
        { title: 'DOMAIN', of: ({ domain_id }) => domain_id },
        { title: 'MESSAGES', of: ({ message_count }) => message_count },
        { title: 'LAST ACTIVE', of: ({ last_activity }) => last_activity },
      ]);
    }),
  );
  sessions
    .command('get')
    .description('what was said in it')
    .argument('<session>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [session_id]) => {
        const session = await api.get('/api/v1/sessions/{session_id}', { path: { session_id } });
        out.result(session, () => [
          `${plainText(session.title)}  (${session.domain_id})`,
          ...session.messages.flatMap(({ role, content, timestamp }) => [
            '',
            `${role}, ${timestamp}`,
            plainText(content),
          ]),
        ]);
      }),
    );
  sessions
    .command('delete')
    .description('delete it with its messages')
    .argument('<session>', 'its id')
    .action(
      cli.action<[string]>(async ({ api, out }, [session_id]) => {
        const answer = await api.delete('/api/v1/sessions/{session_id}', { path: { session_id } });
        out.result(answer, () => [answer.message]);
      }),
    );
}
