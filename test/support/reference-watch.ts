/**
 * Stands before simulated vendors and looks at the pictures that come with each order, whatever the
 * wire: a file of a form, base64 with or without a `data:` prefix, or the handle of an upload before.
 */
import { createHash } from 'node:crypto';
import sharp, { type Region } from 'sharp';
import type { Simulator } from '../../simulators/index.ts';
import type { Colour } from './reference-sheet.ts';

/** A picture as a vendor received it. */
export interface SeenPicture {
  readonly hash: string;
  readonly bytes: number;
  /** `jpeg`, `png` … as the bytes say. */
  readonly format: string;
  /** Of the pixels as they lie in the file. */
  readonly width: number;
  readonly height: number;
  /** EXIF; 1 where the file says nothing. */
  readonly orientation: number;
  /** Mean colours of the upper and lower third. */
  readonly upper: Colour;
  readonly lower: Colour;
}

export interface SeenOrder {
  readonly vendor: string;
  readonly prompt: string;
  readonly pictures: readonly SeenPicture[];
}

export class ReferenceWatch {
  /** Every order that asked for one of the prompts, also those that were refused or lost. */
  readonly orders: SeenOrder[] = [];
  readonly #prompts: ReadonlySet<string>;
  readonly #known = new Map<string, Promise<SeenPicture>>();
  readonly #uploads = new Map<string, SeenPicture>();

  /** `prompts` are those that an order is recognized by. */
  constructor(prompts: Iterable<string>) {
    this.#prompts = new Set(prompts);
  }

  /** The same simulator, each of whose calls is looked at first. */
  before(simulator: Simulator): Simulator {
    return new Proxy(simulator, {
      get: (target, name) =>
        name === 'fetch'
          ? (request: Request) => this.#look(target, request)
          : Reflect.get(target, name, target),
    });
  }

  async #look(simulator: Simulator, request: Request): Promise<Response> {
    if (request.method !== 'POST') return simulator.fetch(request);
    const parts = await partsOf(request.clone());
    const pictures: SeenPicture[] = [];
    for (const part of parts) {
      const picture = typeof part === 'string' ? this.#uploads.get(part) : await this.#see(part);
      if (picture !== undefined) pictures.push(picture);
    }
    const prompt = parts.find((part) => typeof part === 'string' && this.#prompts.has(part));
    if (typeof prompt === 'string') this.orders.push({ vendor: simulator.name, prompt, pictures });
    const response = await simulator.fetch(request);
    const [upload] = pictures;
    if (prompt === undefined && upload !== undefined) {
      // What the vendor calls the picture from now on has a number in it, unlike a media type.
      const names = textsOf(await response.clone().json()).filter((text) => /\d/.test(text));
      for (const name of names) this.#uploads.set(name, upload);
    }
    return response;
  }

  #see(bytes: Uint8Array): Promise<SeenPicture> {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const known = this.#known.get(hash) ?? describe(bytes, hash);
    this.#known.set(hash, known);
    return known;
  }
}

async function describe(bytes: Uint8Array, hash: string): Promise<SeenPicture> {
  const { format, width, height, orientation = 1 } = await sharp(bytes).metadata();
  const third = Math.floor(height / 3);
  const upper = await meanColour(bytes, { left: 0, top: 0, width, height: third });
  const lower = await meanColour(bytes, { left: 0, top: height - third, width, height: third });
  return { hash, bytes: bytes.length, format, width, height, orientation, upper, lower };
}

async function meanColour(bytes: Uint8Array, part: Region): Promise<Colour> {
  const pixels = await sharp(bytes).extract(part).removeAlpha().raw().toBuffer();
  const sums: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < pixels.length; at += 1) sums[at % 3]! += pixels[at]!;
  const [red, green, blue] = sums.map((sum) => Math.round(sum / (pixels.length / 3)));
  return [red!, green!, blue!];
}

/** Every text of a body, and the bytes of every picture in it. */
async function partsOf(request: Request): Promise<(string | Uint8Array)[]> {
  const type = request.headers.get('content-type') ?? '';
  if (type.startsWith('multipart/form-data')) {
    const values = [...(await request.formData()).values()];
    return Promise.all(
      values.map(async (value) => (typeof value === 'string' ? value : value.bytes())),
    );
  }
  const body = await request.bytes();
  if (isPicture(body)) return [body];
  const text = new TextDecoder().decode(body);
  if (!/^\s*[[{]/.test(text)) return [];
  return textsOf(JSON.parse(text)).map((each) => pictureIn(each) ?? each);
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

const BASE64 = /^(?:data:[a-z]+\/[a-z+-]+;base64,)?([A-Za-z0-9+/]{100,}={0,2})$/;

function pictureIn(text: string): Uint8Array | undefined {
  const base64 = BASE64.exec(text)?.[1];
  const bytes = base64 === undefined ? undefined : Buffer.from(base64, 'base64');
  return bytes !== undefined && isPicture(bytes) ? bytes : undefined;
}

/** PNG, JPEG or RIFF (WebP) by their first bytes. */
function isPicture(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  return head === '\x89PNG' || head.startsWith('\xff\xd8\xff') || head === 'RIFF';
}
