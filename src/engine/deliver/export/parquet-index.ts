import { zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { GrowingFile, type GrownFile } from './growing-file.ts';
import { INDEX_COLUMNS, type IndexColumn, type IndexedFile } from './sample.ts';

/** Rows are held in memory until so many can be written as one group. */
const GROUP_ROWS = 10_000;

/** `index.parquet`: a row for each image, in groups that are written as they fill. */
export class ParquetIndex implements AsyncDisposable {
  readonly #file: GrowingFile;
  readonly #bytes: GrowingWriter;
  readonly #writer: ParquetWriter;
  #rows: IndexedFile[] = [];

  private constructor(file: GrowingFile, generator: string) {
    this.#file = file;
    this.#bytes = new GrowingWriter(file);
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: [
        { name: 'root', num_children: INDEX_COLUMNS.length },
        ...INDEX_COLUMNS.map(schemaElement),
      ],
      codec: 'ZSTD',
      compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
      createdBy: generator,
    });
  }

  static async create(path: string, generator: string, about?: string): Promise<ParquetIndex> {
    return new ParquetIndex(await GrowingFile.create(path, about), generator);
  }

  async add(row: IndexedFile): Promise<void> {
    this.#rows.push(row);
    if (this.#rows.length >= GROUP_ROWS) await this.#writeGroup();
  }

  async end(): Promise<GrownFile> {
    await this.#writeGroup();
    await this.#writer.finish();
    await this.#bytes.flush();
    return await this.#file.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }

  async #writeGroup(): Promise<void> {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    const columnData = INDEX_COLUMNS.map((column) => ({
      name: column.name,
      data: rows.map((row) => parquetValue(column, row)),
    }));
    await this.#writer.write({ columnData, rowGroupSize: rows.length });
  }
}

/** What the library has written goes on into the file after each group. */
class GrowingWriter extends ByteWriter {
  readonly #file: GrowingFile;

  constructor(file: GrowingFile) {
    super();
    this.#file = file;
  }

  async flush(): Promise<void> {
    const bytes = this.getBytes().slice();
    this.index = 0;
    await this.#file.append(bytes);
  }
}

function schemaElement({ name, type, required }: IndexColumn): SchemaElement {
  const repetition_type = required ? 'REQUIRED' : 'OPTIONAL';
  return type === 'STRING'
    ? { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type }
    : { name, type, repetition_type };
}

function parquetValue(column: IndexColumn, row: IndexedFile): string | number | bigint | undefined {
  const value = column.valueOf(row);
  return column.type === 'INT64' && typeof value === 'number' ? BigInt(value) : value;
}
