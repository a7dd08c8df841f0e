import { join } from 'node:path';
import type { RunFacts } from '../../core/item-record.ts';
import { type DatasetFacts, INDEX_FILE, type ShardFacts, shardName } from './dataset-card.ts';
import { ParquetIndex } from './parquet-index.ts';
import { type IndexedFile, type Sample, sampleJson } from './sample.ts';
import { tarBytes, TarShard } from './tar-shard.ts';

/** A shard ends before it would pass one of them; a sample that is larger alone has a shard alone. */
export interface ShardLimits {
  readonly mostBytes: number;
  readonly mostSamples: number;
}

/** As much as readers like to fetch at once: most published shards have about a gigabyte. */
export const DEFAULT_SHARD_LIMITS: ShardLimits = { mostBytes: 1_000_000_000, mostSamples: 10_000 };

export interface DatasetPlace {
  readonly folder: string;
  readonly name: string;
  readonly run: RunFacts;
  readonly limits: ShardLimits;
  /** What faults of the disk are told about. */
  readonly about: string;
}

interface OpenShard {
  readonly file: string;
  readonly tar: TarShard;
  samples: number;
}

/** Writes samples into shards, one after the other, and a row for each image into the index. */
export class DatasetWriter implements AsyncDisposable {
  readonly #place: DatasetPlace;
  readonly #index: ParquetIndex;
  readonly #shards: ShardFacts[] = [];
  readonly #endings = new Map<string, number>();
  #samples = 0;
  #open: OpenShard | undefined;

  private constructor(place: DatasetPlace, index: ParquetIndex) {
    this.#place = place;
    this.#index = index;
  }

  static async create(place: DatasetPlace): Promise<DatasetWriter> {
    const { folder, run, about } = place;
    const index = await ParquetIndex.create(join(folder, INDEX_FILE), run.generator, about);
    return new DatasetWriter(place, index);
  }

  /** `bytes`: of the sample's files, in their order. Returns the shard's file name. */
  async add(sample: Sample, bytes: readonly Uint8Array[]): Promise<string> {
    const { key, record, files } = sample;
    const texts = [
      { file: `${key}.json`, bytes: Buffer.from(JSON.stringify(sampleJson(sample))) },
      { file: `${key}.txt`, bytes: Buffer.from(record.sentPrompt) },
    ];
    const parts = [...bytes, ...texts.map((text) => text.bytes)];
    const length = parts.reduce((sum, part) => sum + tarBytes(part.length), 0);
    const { file: shard, tar } = await this.#shardFor(length);
    const rows: IndexedFile[] = [];
    for (const [place, file] of files.entries()) {
      const { offset } = await tar.add(file.file, bytes[place]!);
      rows.push({ sample, file, shard, offset });
      const ending = file.file.slice(key.length + 1);
      this.#endings.set(ending, (this.#endings.get(ending) ?? 0) + 1);
    }
    for (const text of texts) await tar.add(text.file, text.bytes);
    for (const row of rows) await this.#index.add(row);
    this.#samples += 1;
    return shard;
  }

  /** All shards and the index are whole and flushed then. */
  async end(): Promise<Pick<DatasetFacts, 'shards' | 'index' | 'endings' | 'samples'>> {
    await this.#endShard();
    return {
      shards: this.#shards,
      index: await this.#index.end(),
      endings: this.#endings,
      samples: this.#samples,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open?.tar[Symbol.asyncDispose]();
    await this.#index[Symbol.asyncDispose]();
  }

  /** With room for a sample of so many bytes, which is entered. */
  async #shardFor(bytes: number): Promise<OpenShard> {
    const { folder, name, run, limits, about } = this.#place;
    const open = this.#open;
    if (
      open !== undefined &&
      (open.samples >= limits.mostSamples || open.tar.length + bytes > limits.mostBytes)
    ) {
      await this.#endShard();
    }
    if (this.#open === undefined) {
      const file = shardName(name, this.#shards.length);
      this.#open = {
        file,
        tar: await TarShard.create(join(folder, file), run.createdAt, about),
        samples: 0,
      };
    }
    this.#open.samples += 1;
    return this.#open;
  }

  async #endShard(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    const grown = await open.tar.end();
    this.#open = undefined;
    this.#shards.push({ file: open.file, samples: open.samples, ...grown });
  }
}
