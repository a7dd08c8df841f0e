import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExifTool, type WriteTags } from 'exiftool-vendored';
import { afterAll } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** Tags by their name with its group: `XMP-iptcExt:DigitalSourceType`. */
export type FileTags = Readonly<Record<string, unknown>>;

let exiftool: ExifTool | undefined;
afterAll(() => exiftool?.end());

/** What exiftool, a reader of its own, finds in a file; its complaints are in `ExifTool:Validate`. */
export async function readTags(bytes: Uint8Array, extension: string): Promise<FileTags> {
  const path = await placed(bytes, extension);
  return await theTool().readRaw(path, ['-all', '-G1', '-struct', '-validate', '-n']);
}

/** The file as exiftool leaves it when it writes tags into it, in an order and style of its own. */
export async function writeTags(
  bytes: Uint8Array,
  extension: string,
  tags: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const path = await placed(bytes, extension);
  await theTool().write(path, tags as WriteTags, {
    writeArgs: ['-overwrite_original'],
  });
  return await readFile(path);
}

function theTool(): ExifTool {
  exiftool ??= new ExifTool({ maxProcs: 1 });
  return exiftool;
}

async function placed(bytes: Uint8Array, extension: string): Promise<string> {
  const path = join(await temporaryFolder(), `file.${extension}`);
  await writeFile(path, bytes);
  return path;
}
