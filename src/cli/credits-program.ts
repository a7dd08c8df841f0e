/** `imagemill credits …` and `imagemill usage`: what workspaces of a service have, get and use. */
import type { Command } from 'commander';
import type { RawValues } from './options.ts';

type End = (code: number) => void;
type WithCommon = (command: Command) => Command;

/** `end` is told the exit code; `withCommon` adds the options that every command takes. */
export function addCredits(program: Command, end: End, withCommon: WithCommon): void {
  const credits = program
    .command('credits')
    .description('balance and ledger of a workspace')
    .addHelpText('after', CREDITS_EXAMPLES);
  const commands = async () => import('./commands/credits.ts');
  const own = (command: Command) =>
    withCommon(command.option('--workspace <ID>', 'whose; default: local'));
  own(credits.command('balance').description('what is left, held, spent and bought')).action(
    async (options: RawValues) => end(await (await commands()).balance(options)),
  );
  const entering = (command: Command) =>
    own(
      command
        .option('--reason <TEXT>', 'why: it stands in the ledger')
        .option('--reference <TEXT>', 'of a payment: an entry with the same one is made once'),
    );
  entering(
    credits
      .command('grant <credits>')
      .description('give credits')
      .option('--purchase', 'they were paid for elsewhere: the ceiling rises with them')
      .option('--begin-balance', 'begin a balance where none is kept'),
  ).action(async (amount: string, options: RawValues) =>
    end(await (await commands()).grant(amount, options)),
  );
  entering(
    credits
      .command('refund <credits>')
      .description('take back credits that were bought; moves no money')
      .option('--correction', 'take back credits however they came'),
  ).action(async (amount: string, options: RawValues) =>
    end(await (await commands()).refund(amount, options)),
  );
  own(
    credits
      .command('ledger')
      .description('every line, the newest first')
      .option('--run <RUN>', 'of this run only')
      .option('--limit <N>', 'most lines; default: 50 for people, all with --json'),
  ).action(async (options: RawValues) => end(await (await commands()).ledger(options)));
  addUsage(program, end, own);
}

function addUsage(program: Command, end: End, own: WithCommon): void {
  own(
    program
      .command('usage')
      .description('images, credits and dollars by day, model, key or run')
      .addHelpText('after', USAGE_EXAMPLES)
      .option('--by <day|model|key|run>', 'default: day')
      .option('--from <DAY|TIME>', 'default: 30 days with today')
      .option('--to <DAY|TIME>', 'default: now')
      .option('--time-zone <NAME>', 'in which days are counted; default: UTC')
      .option('--limit <N>', 'most runs; default and most: 200'),
  ).action(async (options: RawValues) =>
    end(await (await import('./commands/usage.ts')).usage(options)),
  );
}

const CREDITS_EXAMPLES = `
Examples:
  imagemill credits balance --workspace acme
  imagemill credits grant 250 --workspace acme --reason "Welcome"
  imagemill credits grant 5000 --workspace acme --purchase --reference invoice-2026-117
  imagemill credits refund 1200 --workspace acme --reason "Invoice 117 was cancelled"
  imagemill credits ledger --workspace acme --json | jq -r '.lines[] | select(.kind == "post")'
What Stripe gives back is taken back by itself.
`;

const USAGE_EXAMPLES = `
Examples:
  imagemill usage --workspace acme
  imagemill usage --by model --from 2026-11-01 --to 2026-11-30
  imagemill usage --by day --time-zone Europe/Berlin --json | jq '.data[].credits'
`;
