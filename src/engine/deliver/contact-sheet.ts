import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { StorageError } from '../core/errors.ts';
import { flagText } from '../core/flag.ts';
import type { ItemState } from '../core/outcome.ts';
import type { Size } from '../core/size.ts';
import { THUMBNAIL_SIDE } from '../core/thumbnail.ts';
import { writeWhole } from '../ports/whole-file.ts';
import { makeThumbnail, readThumbnail } from './contact-page/thumbnails.ts';
import type { RunFacts } from '../core/item-record.ts';
import type { ContactEntry, ContactItem } from './contact-item.ts';
import { findLettering, fitText, wrapText } from './lettering.ts';
import type { Lettering } from './lettering.ts';
import type { Masters } from './masters.ts';
import { paintOnto, type Placed } from './paint-onto.ts';
import { pickTiles } from './pick-tiles.ts';
import type { PickedTiles } from './pick-tiles.ts';
import { roundCorners } from './round-corners.ts';
import { layOut } from './sheet-layout.ts';
import type { SheetLayout } from './sheet-layout.ts';

export const CONTACT_SHEET_FILE = 'contact-sheet.webp';
const MOST_TILES = 200;
/** Pictures decoded at once: sharp uses several threads for each. */
const AT_ONCE = 4;
const QUALITY = { quality: 84, effort: 2 } as const;
const CORNER_RADIUS = 10;

const GROUND = '#101217';
const PANEL = '#191c23';
const BRIGHT = '#eceef2';
const MUTED = '#8f98a8';
const FLAGGED = '#f0c05a';
const ACCENTS: Partial<Record<ItemState, string>> = {
  refused: '#e3a63f',
  failed: '#e2605c',
  unknown: '#7f9fd6',
};

export interface ContactSheetOrder {
  readonly outFolder: string;
  readonly run: RunFacts;
  /** Gives the run's items from the first; it is asked twice. */
  readonly entries: () => AsyncIterable<ContactEntry>;
  readonly masters: Masters;
  /** Default: 200, spread evenly over the run. */
  readonly maxTiles?: number;
  /** Side of a square tile in pixels. Default: by how many there are, 224 to 384. */
  readonly tileSide?: number;
  /** What stands above the tiles. Default: `Run ID`. */
  readonly title?: string;
  /** Default: the fonts of the machine, or our own bitmap letters where it has none. */
  readonly lettering?: Lettering;
  /** Default: `contact-sheet.webp`. */
  readonly file?: string;
  /**
   * The folder of the page's thumbnails, where there will be a page: tiles are made of them, so that each
   * picture is decoded once. It must be there. Default: tiles are made of the masters.
   */
  readonly thumbnails?: string;
}

/**
 * Draws a sheet with a tile for each image, captioned with its row and name, and a labelled panel for
 * each item that was refused, failed, or is unknown. Memory is bounded by the tiles (about 60 MB for
 * 200), not by the run. Returns the file's name, or `undefined` when there is nothing to show yet.
 */
export async function makeContactSheet(order: ContactSheetOrder): Promise<string | undefined> {
  const picked = await pickTiles(order.entries, order.maxTiles ?? MOST_TILES);
  if (picked.tiles.length === 0) return undefined;
  const lettering = order.lettering ?? (await findLettering());
  const layout = layOut(
    picked.tiles.map(({ image, size }) => image ?? size),
    order.tileSide,
  );
  const easel: Easel = { layout, lettering, pictureOf: pictureSource(order, layout) };

  const canvas = Buffer.alloc(layout.width * layout.height * 3);
  let filled = 0;
  const append = (strip: Buffer): void => {
    filled += strip.copy(canvas, filled);
  };
  append(
    await drawStrip(
      layout.width,
      layout.header,
      header(picked, order.title ?? `Run ${order.run.runId}`, easel),
    ),
  );
  for (let row = 0; row < layout.rows; row += 1) {
    const tiles = picked.tiles.slice(row * layout.columns, (row + 1) * layout.columns);
    append(await drawRow(tiles, easel));
  }
  canvas.set(await drawStrip(layout.width, layout.gap, ''), filled);

  const raw = { width: layout.width, height: layout.height, channels: 3 } as const;
  const bytes = await sharp(canvas, { raw }).webp(QUALITY).toBuffer();
  const file = order.file ?? CONTACT_SHEET_FILE;
  await writeWhole(join(order.outFolder, file), bytes);
  return file;
}

interface Easel {
  readonly layout: SheetLayout;
  readonly lettering: Lettering;
  readonly pictureOf: PictureSource;
}

/** Bytes that a tile is made of; `undefined` when there are none. Throws `StorageError`. */
type PictureSource = (hash: string) => Promise<Uint8Array | undefined>;

/** Thumbnails are enough for tiles that are no larger. */
function pictureSource(
  { masters, thumbnails }: ContactSheetOrder,
  { tile }: SheetLayout,
): PictureSource {
  if (thumbnails === undefined || Math.max(tile.width, tile.height) > THUMBNAIL_SIDE) {
    return (hash) => masters.get(hash);
  }
  return async (hash) => {
    const made = await makeThumbnail(masters, hash, thumbnails);
    return made.kind === 'none' ? undefined : await readThumbnail(thumbnails, made.file);
  };
}

/** The tiles of a row, and below them their captions. */
async function drawRow(tiles: readonly ContactItem[], easel: Easel): Promise<Buffer> {
  const { tile, gap, caption, width } = easel.layout;
  const canvas = Buffer.alloc(width * tile.height * 3, Buffer.from(GROUND.slice(1), 'hex'));
  let inTiles = '';
  let captions = '';
  for (let first = 0; first < tiles.length; first += AT_ONCE) {
    const drawn = await Promise.all(
      tiles.slice(first, first + AT_ONCE).map(async (item, at) => {
        const left = gap + (first + at) * (tile.width + gap);
        return { item, left, picture: await thumbnail(item, left, easel) };
      }),
    );
    for (const { item, left, picture } of drawn) {
      if (picture !== undefined) paintOnto(canvas, width, picture);
      inTiles += picture === undefined ? panel(item, left, easel) : badge(item, picture, easel);
      captions += captionText(item, left, easel);
    }
  }
  const upper = inTiles === '' ? canvas : await drawOver(canvas, width, tile.height, inTiles);
  return Buffer.concat([upper, await drawStrip(width, caption + gap, captions)]);
}

function noneIfLost(error: unknown): undefined {
  if (!(error instanceof StorageError)) throw error;
}

/** The picture, rounded at its corners, in the middle of its tile; `undefined` when there is none. */
async function thumbnail(
  item: ContactItem,
  left: number,
  { layout: { tile }, pictureOf }: Easel,
): Promise<Placed | undefined> {
  if (item.image === undefined || item.state !== 'delivered') return undefined;
  // A contact sheet is made of what is there; the store reports what is not.
  const bytes = await pictureOf(item.image.hash).catch(noneIfLost);
  if (bytes === undefined) return undefined;
  try {
    const { data, info } = await sharp(bytes)
      .autoOrient()
      .resize(tile.width, tile.height, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    roundCorners(data, info, CORNER_RADIUS);
    return {
      pixels: data,
      width,
      height,
      left: left + Math.floor((tile.width - width) / 2),
      top: tile.height - height - Math.floor((tile.height - height) / 2),
    };
  } catch {
    // Cut or damaged, in a folder that anybody may fill: its page says how.
    return undefined;
  }
}

function captionText(item: ContactItem, left: number, { layout, lettering }: Easel): string {
  const { tile, captionType: size } = layout;
  const baseline = Math.round(size * 1.45);
  const number = String(item.row.number) + (item.count > 1 ? `.${item.index}` : '');
  const indent = lettering.widthOf(`${number} `, size);
  const name = fitText(captionOf(item), tile.width - indent, size, lettering);
  return (
    lettering.draw(number, { x: left, baseline, size, colour: MUTED }) +
    lettering.draw(name, { x: left + indent, baseline, size, colour: BRIGHT })
  );
}

/** What was found about a picture, along its lower edge. */
function badge(
  { flags = [] }: ContactItem,
  { left, top, ...picture }: Placed,
  { layout: { captionType: size }, lettering }: Easel,
): string {
  if (flags.length === 0) return '';
  const inset = size * 0.7;
  const room = picture.width - inset * 4;
  const text = fitText(flags.map(flagText).join(', '), room, size, lettering);
  const width = lettering.widthOf(text, size) + inset * 2;
  const bottom = top + picture.height - inset;
  return (
    `<rect x="${left + inset}" y="${bottom - size * 1.7}" width="${width}" height="${size * 1.7}" rx="6" fill="${GROUND}" fill-opacity="0.82"/>` +
    lettering.draw(text, {
      x: left + inset * 2,
      baseline: bottom - size * 0.5,
      size,
      colour: FLAGGED,
    })
  );
}

function captionOf({ row }: ContactItem): string {
  // No caption is wider than this, so a prompt of any length costs the same.
  return (row.name?.trim() || row.prompt).slice(0, 300).replace(/\s+/g, ' ').trim();
}

/** A tile for an item without a picture: what became of it, and why. */
function panel(item: ContactItem, left: number, { layout, lettering }: Easel): string {
  const { tile, captionType: size } = layout;
  const accent = ACCENTS[item.state] ?? MUTED;
  const label = item.state === 'delivered' ? 'picture cannot be shown' : item.state;
  const inset = size * 1.2;
  const x = left + inset;
  const reason = wrapText(
    (item.reason ?? '').slice(0, 500),
    tile.width - inset * 2,
    size,
    5,
    lettering,
  );
  const top = inset * 2;
  return (
    `<rect x="${left + 1}" y="1" width="${tile.width - 2}" height="${tile.height - 2}" rx="10" fill="${PANEL}" stroke="${accent}" stroke-opacity="0.45" stroke-width="2"/>` +
    `<circle cx="${x + size * 0.3}" cy="${top - size * 0.35}" r="${size * 0.3}" fill="${accent}"/>` +
    lettering.draw(label, { x: x + size, baseline: top, size, colour: accent, bold: true }) +
    reason
      .map((line, at) =>
        lettering.draw(line, { x, baseline: top + (at + 1.4) * size * 1.4, size, colour: MUTED }),
      )
      .join('')
  );
}

function header(picked: PickedTiles, name: string, { layout, lettering }: Easel): string {
  const { tiles, showable, counts } = picked;
  const format = (count: number) => count.toLocaleString('en-US');
  const states = (['delivered', 'refused', 'failed', 'unknown'] as const)
    .filter((state) => state === 'delivered' || counts[state] > 0)
    .map((state) => `${format(counts[state])} ${state}`);
  if (tiles.length < showable) states.push(`${format(tiles.length)} shown`);
  const x = layout.gap;
  const width = layout.width - x * 2;
  const title = fitText(name, width, 30, lettering);
  const line = fitText(states.join('  ·  '), width, 18, lettering);
  return (
    lettering.draw(title, { x, baseline: 48, size: 30, colour: BRIGHT, bold: true }) +
    lettering.draw(line, { x, baseline: 80, size: 18, colour: MUTED })
  );
}

async function drawStrip(width: number, height: number, svg: string): Promise<Buffer> {
  const create = { width, height, channels: 3, background: GROUND } as const;
  return await drawn(sharp({ create }), { width, height }, svg);
}

async function drawOver(
  canvas: Buffer,
  width: number,
  height: number,
  svg: string,
): Promise<Buffer> {
  const raw = { width, height, channels: 3 } as const;
  return await drawn(sharp(canvas, { raw }), raw, svg);
}

async function drawn(ground: Sharp, { width, height }: Size, svg: string): Promise<Buffer> {
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${svg}</svg>`;
  return await ground
    .composite([{ input: Buffer.from(overlay), left: 0, top: 0 }])
    .removeAlpha()
    .raw()
    .toBuffer();
}
