/**
 * What every contender is given, read from its environment. Where the files are read is no part of any
 * contender's lines. `OPENAI_API_KEY` and `OPENAI_BASE_URL` are read by the clients themselves.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

export interface Row {
  readonly prompt: string;
  /** Unique in the sheet; a contender names its file after it. */
  readonly name: string;
}

const environment = process.env;

export const rows: readonly Row[] = parse<Row>(readFileSync(environment['SHEET']!), {
  columns: true,
});

/** The folder for the pictures; it is there. */
export const out = environment['OUT']!;
mkdirSync(out, { recursive: true });

export const model = 'gpt-image-2';

/** The vendor's limit, where it is told: at most `images` in any `seconds`. */
export const limit: { readonly images: number; readonly seconds: number } | undefined =
  environment['LIMIT_IMAGES'] === undefined
    ? undefined
    : {
        images: Number(environment['LIMIT_IMAGES']),
        seconds: Number(environment['WINDOW_SECONDS']),
      };

/** How long the vendor's windows are: known even where its figure is not. */
export const windowSeconds = Number(environment['WINDOW_SECONDS'] ?? 60);

/** How many requests at a time a person would choose. */
export const concurrency = Number(environment['CONCURRENCY'] ?? 10);

/** Dollars that may be spent; no cap where it is absent. */
export const capUsd =
  environment['CAP_USD'] === undefined ? Infinity : Number(environment['CAP_USD']);

export { imageUsd } from './image-price.ts';

export const redisUrl = environment['REDIS_URL'] ?? '';
export const databaseUrl = environment['DATABASE_URL'] ?? '';
/** A queue's name that belongs to this sheet, the same after a kill. */
export const queueName = environment['QUEUE'] ?? 'images';
