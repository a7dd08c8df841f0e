/** `imagemill workspaces`: who owns runs, keys and credits. */
import { workspaceJson } from '../../api/json/workspace-json.ts';
import { formatMicros } from '../../engine/core/credits.ts';
import { UsageError } from '../../engine/core/errors.ts';
import {
  HIGHEST_CEILING,
  type Workspace,
  WORKSPACE_STATES,
  type WorkspaceState,
} from '../../engine/core/workspace.ts';
import { countText } from '../amount-text.ts';
import { type CommonOptions, openSession } from '../session.ts';
import { textTable } from '../text-table.ts';
import { aboutText } from '../time-text.ts';

export interface WorkspaceOptions extends CommonOptions {
  readonly name?: string;
  readonly state?: string;
  readonly imagesPerHour?: string;
  /** False: `--no-balance`. */
  readonly balance?: boolean;
}

export async function create(id: string, options: WorkspaceOptions): Promise<number> {
  const { name } = options;
  const ceiling = ceilingOf(options.imagesPerHour);
  await using session = await openSession(options);
  const { engine, screen } = session;
  const workspace = await engine.service.workspaces.create({
    id,
    ...(name !== undefined && { name }),
    ...ceiling,
    ...(options.balance === false && { balance: 'none' }),
  });
  screen.say(`The workspace ${id} is there: ${termsText(workspace)}`);
  screen.say(`Make its first key: imagemill keys create --workspace ${id} --role admin`);
  screen.result(workspaceJson(workspace));
  return 0;
}

export async function list(options: CommonOptions): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen } = session;
  const workspaces = await engine.service.workspaces.list();
  const now = Date.now();
  const rows = workspaces.map((each) => [
    each.id,
    each.name,
    each.state,
    ceilingText(each),
    each.availableCreditMicros === undefined
      ? 'no balance'
      : formatMicros(each.availableCreditMicros),
    aboutText(each.createdAt, now),
  ]);
  const columns = [
    { title: 'Workspace' },
    { title: 'Name' },
    { title: 'State' },
    { title: 'Images an hour', align: 'right' as const },
    { title: 'Credits', align: 'right' as const },
    { title: 'Made' },
  ];
  if (rows.length === 0)
    screen.say('There is no workspace yet. Make one: imagemill workspaces create acme');
  else for (const line of textTable(columns, rows, screen.colours.dim)) screen.say(line);
  screen.result({ workspaces: workspaces.map(workspaceJson) });
  return 0;
}

export async function change(id: string, options: WorkspaceOptions): Promise<number> {
  const { name } = options;
  const wishes = {
    ...(name !== undefined && { name }),
    ...stateOf(options.state),
    ...ceilingOf(options.imagesPerHour),
  };
  if (Object.keys(wishes).length === 0) {
    throw new UsageError('Say what changes: --name, --state or --images-per-hour.');
  }
  await using session = await openSession(options);
  const { engine, screen } = session;
  const workspace = await engine.service.workspaces.change(id, wishes);
  screen.say(`The workspace ${id} is ${workspace.state}: ${termsText(workspace)}`);
  screen.result(workspaceJson(workspace));
  return 0;
}

function ceilingOf(text: string | undefined) {
  if (text === undefined) return {};
  if (text === 'none' || text === 'bought') return { imagesPerHour: text } as const;
  const imagesPerHour = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (imagesPerHour >= 1 && imagesPerHour <= HIGHEST_CEILING) return { imagesPerHour };
  throw new UsageError(
    `--images-per-hour must be a whole number from 1, "none" or "bought": it is "${text}".`,
  );
}

function stateOf(text: string | undefined): { readonly state?: WorkspaceState } {
  if (text === undefined) return {};
  const state = WORKSPACE_STATES.find((each) => each === text);
  if (state !== undefined) return { state };
  throw new UsageError(`--state must be ${WORKSPACE_STATES.join(' or ')}: it is "${text}".`);
}

function termsText(workspace: Workspace): string {
  const available = workspace.availableCreditMicros;
  const credits = available === undefined ? 'no balance' : `${formatMicros(available)} credits`;
  return `${ceilingText(workspace)} images an hour, ${credits}`;
}

function ceilingText({ imagesPerHour }: Workspace): string {
  return imagesPerHour === undefined ? 'any number' : countText(imagesPerHour);
}
