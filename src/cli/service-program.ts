/** The commands of a service and of those who keep it: `serve`, and what is added here. */
import type { Command } from 'commander';
import type { RawValues } from './options.ts';

type Run = (options: RawValues, ...operands: string[]) => Promise<number>;

export type AddCommand = (
  words: string,
  description: string,
  examples: string | undefined,
  run: Run,
) => Command;

/** `withCommon` adds the options that every command takes. */
export function addService(add: AddCommand, withCommon: (command: Command) => Command): void {
  withCommon(
    add(
      'serve',
      'run as a service: HTTP API, on this machine only unless told otherwise',
      SERVE_EXAMPLES,
      async (options) => (await import('./commands/serve.ts')).serveCommand(options),
    )
      .option('--host <ADDRESS>', 'address to listen on; default 127.0.0.1')
      .option('--port <N>', 'port to listen on; default 8787'),
  );
}

const SERVE_EXAMPLES = `
Examples:
  imagemill serve                             on http://127.0.0.1:8787; the first start prints a key
  DATABASE_URL=postgres://… imagemill serve   the same for a team
`;
