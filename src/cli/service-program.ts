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
  const serve = add(
    'serve',
    'run as a service: HTTP API, on this machine only unless told otherwise',
    SERVE_EXAMPLES,
    async (options) => (await import('./commands/serve.ts')).serveCommand(options),
  )
    .option('--host <ADDRESS>', 'address to listen on; default 127.0.0.1')
    .option('--port <N>', 'port to listen on; default 8787')
    .option('--public-url <URL>', 'how clients reach it: https://images.example.com')
    .option('--metrics-port <N>', 'a second port on 127.0.0.1: /metrics without a key')
    .option(
      '--allow-private-webhooks',
      'let webhooks lead to this machine and its networks, also without https',
    )
    .option('--grace <SECONDS>', 'how long a stop waits for what is at vendors; default 120')
    .option('--log-level <LEVEL>', 'silent, fatal, error, warn, info, debug or trace; default info')
    .option('--trusted-proxies <LIST>', 'proxies whose X-Forwarded-For is believed: 10.0.0.0/8,…');
  withCommon(
    withSharing(serve, 'work it takes itself: runs, finishing, jobs, or nothing; default all'),
  );
  addWorker(add, withCommon);
  addBackup(add, withCommon);
  addMcp(add, withCommon);
}

function withSharing(command: Command, takes: string): Command {
  return command
    .option('--take <KINDS>', takes)
    .option(
      '--lease <SECONDS>',
      'how long this process may be silent before others go on with its work; default 60',
    );
}

function addWorker(add: AddCommand, withCommon: (command: Command) => Command): void {
  const worker = add(
    'worker',
    'work on what services take in, together with all others on the same store',
    WORKER_EXAMPLES,
    async (options) => (await import('./commands/worker.ts')).workerCommand(options),
  )
    .option('--metrics-port <N>', 'a port on 127.0.0.1: /metrics without a key')
    .option('--grace <SECONDS>', 'how long a stop waits for what is at vendors; default 120')
    .option(
      '--log-level <LEVEL>',
      'silent, fatal, error, warn, info, debug or trace; default info',
    );
  withCommon(withSharing(worker, 'what it takes: runs, finishing, jobs; default all'));
  withCommon(
    add(
      'workers',
      'the processes on this store: what they take, do and did',
      WORKERS_EXAMPLES,
      async (options) => (await import('./commands/workers.ts')).workers(options),
    ),
  );
}

function addMcp(add: AddCommand, withCommon: (command: Command) => Command): void {
  withCommon(
    add(
      'mcp',
      'let an assistant plan, make, watch and fetch images (Model Context Protocol, stdio)',
      MCP_EXAMPLES,
      async (options) => (await import('./commands/mcp.ts')).mcpCommand(options),
    )
      .option('--budget <CREDITS>', 'most credits that it may spend; default: no bound')
      .option('--max-usd <AMOUNT>', "most of the vendors' dollars; default: no bound")
      .option('--server <URL>', 'of a service, with the key in IMAGEMILL_API_KEY; default: here'),
  );
}

function addBackup(add: AddCommand, withCommon: (command: Command) => Command): void {
  withCommon(
    add(
      'backup <folder>',
      'copy the embedded store and its images, while it is worked in',
      BACKUP_EXAMPLES,
      async (options, folder = '') =>
        (await import('./commands/backup.ts')).backupCommand(folder, options),
    )
      .option('--verify', 'write nothing: read the backup that is there, every byte')
      .option('--copy', 'copy images on the same disk too, instead of giving them a second name'),
  );
  withCommon(
    add(
      'restore <folder>',
      'make a new home from a backup: --home NEW, which must be empty',
      RESTORE_EXAMPLES,
      async (options, folder = '') =>
        (await import('./commands/restore.ts')).restoreCommand(folder, options),
    ).option('--hold', 'pause the runs that had not ended'),
  );
}

const MCP_EXAMPLES = `
Examples:
  imagemill mcp --budget 50                        at most 50 credits, ever, in this session
  imagemill mcp --budget 50 --max-usd 2
  imagemill mcp --server https://images.example.com

An assistant starts it by itself; in its configuration:
  {"mcpServers": {"imagemill": {"command": "imagemill", "args": ["mcp", "--budget", "50"]}}}
A running service has the same tools at POST /mcp, for the key that is sent. Stdout is the protocol's; what
else there is to say is on stderr. When the assistant goes, its key is revoked, and what is at vendors ends.
`;

const SERVE_EXAMPLES = `
Examples:
  imagemill serve                             on http://127.0.0.1:8787; the first start prints a key
  DATABASE_URL=postgres://… imagemill serve   the same for a team
  imagemill serve --host 0.0.0.0 --public-url https://images.example.com    behind a proxy with https

Each option is also a variable: IMAGEMILL_HOST, IMAGEMILL_PORT, IMAGEMILL_PUBLIC_URL, IMAGEMILL_METRICS_PORT,
IMAGEMILL_GRACE, IMAGEMILL_LOG_LEVEL, IMAGEMILL_TRUSTED_PROXIES. Images go to a bucket where
IMAGEMILL_S3_BUCKET is set (and _ENDPOINT, _REGION, _PREFIX; credentials by the variables of AWS), traces to
the address in OTEL_EXPORTER_OTLP_ENDPOINT. The log is on stderr, a line of JSON for each request.

Ctrl-C or SIGTERM: /readyz says no, nothing new is taken, what is at vendors ends, streams are closed; then
exit code 0. A second one ends it at once. What is left in flight is taken up by the next start.
`;

const BACKUP_EXAMPLES = `
Examples:
  imagemill backup /mnt/backup             the first time everything, later only what is new
  imagemill backup /mnt/backup --verify    read it again; exit code 9 when anything is damaged

It has the store, the images and the service's files of the home, as of one moment. Folders elsewhere that
images were delivered into are not in it: \`imagemill export\` writes them again from the store.
With DATABASE_URL use pg_dump, then copy the home or the bucket with the images.
`;

const WORKER_EXAMPLES = `
Examples:
  DATABASE_URL=postgres://… IMAGEMILL_S3_BUCKET=pictures imagemill worker
  imagemill worker --take finishing,jobs         a machine with many cores, for upscaling and converting
  imagemill serve --take nothing                 a server that leaves all work to workers

Workers on any number of machines share the runs of a service: several send requests of one run, each limit and
each budget holds over all of them together, and pictures are finished wherever there is room. They need the same
DATABASE_URL, and images where all can read them: a bucket, or one folder that all have. A worker takes what it
has the keys and the means for. One that dies, or is silent for longer than its lease, is replaced by the others; if
it comes back, it can change nothing of what they took. Each option is also a variable: IMAGEMILL_TAKE, IMAGEMILL_LEASE.

Ctrl-C or SIGTERM: nothing new is taken, what is at vendors ends, the rest goes to the others; then exit code 0.
`;

const WORKERS_EXAMPLES = `
Examples:
  imagemill workers
  DATABASE_URL=postgres://… imagemill workers --json

Each process tells of itself with every sign of life, four times in a lease (15 seconds with the default): what it
takes, the runs it owns, the hands it lends to runs of others, its calls in flight, the pictures it finishes for
others, and the requests it has sent to an end. draining: it takes up nothing new. lapsed: not heard of in time,
and may come back. gone: it ended without a word, and the others go on with its work. What waits and nobody
takes is said below.
`;

const RESTORE_EXAMPLES = `
Examples:
  imagemill restore /mnt/backup --home /srv/imagemill
  imagemill restore /mnt/backup --home /srv/imagemill --hold    and look at the runs before they go on

A restored home knows nothing of what was sent to vendors after the backup: such images were paid for, and
are paid for once more when their rows are sent again. What the backup knows of is never paid for twice.
`;
