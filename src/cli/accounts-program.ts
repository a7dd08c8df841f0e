/** `imagemill workspaces …` and `imagemill keys …`: who may use a service, kept beside it or while it runs. */
import type { Command } from 'commander';
import type { RawValues } from './options.ts';

type End = (code: number) => void;
type WithCommon = (command: Command) => Command;

/** `end` is told the exit code; `withCommon` adds the options that every command takes. */
export function addAccounts(program: Command, end: End, withCommon: WithCommon): void {
  addWorkspaces(program, end, withCommon);
  addKeys(program, end, withCommon);
}

function addWorkspaces(program: Command, end: End, withCommon: WithCommon): void {
  const workspaces = program
    .command('workspaces')
    .description('who owns runs, keys and credits of a service')
    .addHelpText('after', WORKSPACES_EXAMPLES);
  const commands = async () => import('./commands/workspaces.ts');
  withCommon(
    workspaces
      .command('create <id>')
      .description('make one: 200 images an hour, and a balance that begins at 0')
      .option('--name <NAME>', 'how it is called; default: its id')
      .option('--images-per-hour <N|none|bought>', CEILING)
      .option('--no-balance', 'it needs no credits'),
  ).action(async (id: string, options: RawValues) => {
    end(await (await commands()).create(id, options));
  });
  withCommon(workspaces.command('list').description('all of them')).action(
    async (options: RawValues) => {
      end(await (await commands()).list(options));
    },
  );
  withCommon(
    workspaces
      .command('change <id>')
      .description('rename, suspend, or set the ceiling')
      .option('--name <NAME>', 'how it is called')
      .option('--state <active|suspended>', 'suspended: it may look, and nothing of it is sent')
      .option('--images-per-hour <N|none|bought>', CEILING),
  ).action(async (id: string, options: RawValues) => {
    end(await (await commands()).change(id, options));
  });
}

function addKeys(program: Command, end: End, withCommon: WithCommon): void {
  const keys = program
    .command('keys')
    .description('API keys of a service')
    .addHelpText('after', KEYS_EXAMPLES);
  const commands = async () => import('./commands/keys.ts');
  withCommon(
    keys
      .command('create')
      .description('make a key; its secret is printed this one time, alone on stdout')
      .option('--workspace <ID>', 'whose key it is; default: local')
      .option('--name <NAME>', 'what it is for')
      .option('--role <ROLE>', 'viewer, member, admin or operator; default: member')
      .option('--scopes <LIST>', "fewer than the role's, separated by commas")
      .option('--budget <CREDITS>', 'most credits that its runs may use, ever')
      .option('--person', 'for somebody who signs in with it: a member of the workspace')
      .option('--expires <TIME>', 'its end: 90d, 12h or 2027-01-31'),
  ).action(async (options: RawValues) => {
    end(await (await commands()).create(options));
  });
  withCommon(
    keys
      .command('list')
      .description('the keys of a workspace, without their secrets')
      .option('--workspace <ID>', 'default: local'),
  ).action(async (options: RawValues) => {
    end(await (await commands()).list(options));
  });
  withCommon(
    keys
      .command('rotate <key>')
      .description('give a key another secret')
      .option(
        '--keep-old <TIME>',
        'so long the secret so far is still good: 24h; default: no more',
      ),
  ).action(async (id: string, options: RawValues) => {
    end(await (await commands()).rotate(id, options));
  });
  withCommon(
    keys.command('revoke <key>').description('end a key and the sessions begun with it'),
  ).action(async (id: string, options: RawValues) => {
    end(await (await commands()).revoke(id, options));
  });
}

const CEILING = 'most images in any 60 minutes; bought: 200, and more with what is bought';

const WORKSPACES_EXAMPLES = `
Examples:
  imagemill workspaces create acme --name "Acme Studio"
  imagemill workspaces change acme --images-per-hour 1000
  imagemill workspaces change acme --state suspended
`;

const KEYS_EXAMPLES = `
Examples:
  imagemill keys create --workspace acme --role admin --name "first key"
  imagemill keys create --budget 50 --expires 90d > key.txt
  imagemill keys revoke key_7hd2mq9xk4bt3wpz      a server that runs notices within seconds
`;
