/** `imagemill reference`: pictures that sheets know by name. */
import { UsageError } from '../../engine/core/errors.ts';
import { formatName } from '../../engine/core/media-type.ts';
import { formatBytes, type NamedReference } from '../../engine/core/reference.ts';
import { formatSize } from '../../engine/core/size.ts';
import { readImage } from '../image-option.ts';
import { type CommonOptions, openSession, type Session } from '../session.ts';
import { textTable } from '../text-table.ts';
import { aboutText } from '../time-text.ts';

/** `pairs`: NAME=FILE or NAME=URL. */
export async function add(pairs: readonly string[], options: CommonOptions): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen } = session;
  const wanted = pairs.map((pair) => readPair(pair, session));
  const references: NamedReference[] = [];
  for (const { name, source } of wanted) {
    const { reference, replaced } = await engine.references.add(name, source);
    const what = `${formatSize(reference)} ${formatName(reference.mediaType)}`;
    const done = replaced ? 'has another picture now' : 'is kept';
    screen.say(`@${reference.name} ${done}: ${what}, ${formatBytes(reference.bytes)}`);
    references.push(reference);
  }
  screen.result({ references: references.map(referenceJson) });
  return 0;
}

export async function list(options: CommonOptions): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen } = session;
  const references = await engine.references.list();
  if (references.length === 0) {
    screen.say('No reference has a name yet. Give one: imagemill reference add hero=photo.jpg');
  } else {
    const now = Date.now();
    const rows = references.map((reference) => [
      `@${reference.name}`,
      formatSize(reference),
      formatName(reference.mediaType),
      formatBytes(reference.bytes),
      aboutText(reference.addedAt, now),
      reference.source,
    ]);
    const columns = [
      { title: 'Name' },
      { title: 'Size', align: 'right' as const },
      { title: 'Kind' },
      { title: 'Bytes', align: 'right' as const },
      { title: 'Added' },
      { title: 'From' },
    ];
    for (const line of textTable(columns, rows, screen.colours.dim)) screen.say(line);
  }
  screen.result({ references: references.map(referenceJson) });
  return 0;
}

export async function remove(names: readonly string[], options: CommonOptions): Promise<number> {
  await using session = await openSession(options);
  const { engine, screen } = session;
  for (const name of names) {
    await engine.references.remove(name);
    screen.say(
      `@${name.replace(/^@/, '')} is no name any more; runs that were planned with it keep its picture`,
    );
  }
  screen.result({ removed: names.map((name) => name.replace(/^@/, '')) });
  return 0;
}

function readPair(
  pair: string,
  { workingFolder }: Session,
): { readonly name: string; readonly source: string } {
  const equals = pair.indexOf('=');
  const [name, text] = [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
  if (equals <= 0 || text === '') {
    throw new UsageError(
      `"${pair}" is no name with a picture. Write NAME=FILE, like hero=photo.jpg.`,
    );
  }
  const source = readImage(text, workingFolder);
  if (typeof source === 'string' && !source.startsWith('@')) {
    return { name: name.replace(/^@/, ''), source };
  }
  const why = typeof source === 'string' ? 'is a name itself' : source.message;
  throw new UsageError(`${name}: the picture ${why}. Write NAME=FILE or NAME=https://….`);
}

function referenceJson(reference: NamedReference) {
  return {
    name: reference.name,
    hash: reference.hash,
    media_type: reference.mediaType,
    width: reference.width,
    height: reference.height,
    bytes: reference.bytes,
    source: reference.source,
    added_at: new Date(reference.addedAt).toISOString(),
  };
}
