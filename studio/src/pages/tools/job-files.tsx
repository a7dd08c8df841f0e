/** The files that a job made, as thumbnails or as a table, each with what it was before. */
import { Table } from '@heroui/react';
import { Download } from 'lucide-react';
import { Picture } from '../../parts/picture.tsx';
import type { JobFile } from '../../queries/jobs.ts';
import { bytesText, changeText } from './bytes.ts';

interface FilesProps {
  readonly files: readonly JobFile[];
}

interface Made {
  readonly key: string;
  readonly source: JobFile;
  readonly output: JobFile['outputs'][number];
}

function madeOf(files: readonly JobFile[]): Made[] {
  return files.flatMap((source) =>
    source.outputs.map((output) => ({ key: `${source.number} ${output.file}`, source, output })),
  );
}

export function FileTiles({ files }: FilesProps) {
  return (
    <ul className="grid grid-cols-2 gap-3 sm:grid-cols-4 lg:grid-cols-6" aria-label="New files">
      {madeOf(files).map(({ key, source, output }) => (
        <li key={key} className="min-w-0">
          <a
            href={output.url}
            target="_blank"
            rel="noreferrer"
            className="block aspect-square overflow-hidden rounded-md"
          >
            <Picture src={output.thumbnail} alt={output.file} />
          </a>
          <div className="flex items-start gap-1 pt-1 text-xs">
            <div className="min-w-0 grow">
              <p className="truncate" title={output.file}>
                {output.file}
              </p>
              <p className="text-muted tabular-nums">
                {bytesText(output.bytes)} {changeText(source.bytes, output.bytes)}
              </p>
            </div>
            <DownloadLink made={output} />
          </div>
        </li>
      ))}
    </ul>
  );
}

export function FileTable({ files }: FilesProps) {
  return (
    <Table>
      <Table.ScrollContainer>
        <Table.Content aria-label="New files">
          <Table.Header>
            <Table.Column>Picture</Table.Column>
            <Table.Column isRowHeader>File</Table.Column>
            <Table.Column>Pixels</Table.Column>
            <Table.Column>Before</Table.Column>
            <Table.Column>After</Table.Column>
            <Table.Column>Change</Table.Column>
            <Table.Column>Download</Table.Column>
          </Table.Header>
          <Table.Body>
            {madeOf(files).map(({ key, source, output }) => (
              <Table.Row key={key} id={key}>
                <Table.Cell>
                  <span className="block size-12 overflow-hidden rounded">
                    <Picture src={`${output.thumbnail}&width=96`} alt="" fit="cover" />
                  </span>
                </Table.Cell>
                <Table.Cell>{output.file}</Table.Cell>
                <Table.Cell className="tabular-nums">
                  {output.width}×{output.height}
                </Table.Cell>
                <Table.Cell className="tabular-nums">{bytesText(source.bytes)}</Table.Cell>
                <Table.Cell className="tabular-nums">{bytesText(output.bytes)}</Table.Cell>
                <Table.Cell className="tabular-nums">
                  {changeText(source.bytes, output.bytes)}
                </Table.Cell>
                <Table.Cell>
                  <DownloadLink made={output} />
                </Table.Cell>
              </Table.Row>
            ))}
          </Table.Body>
        </Table.Content>
      </Table.ScrollContainer>
    </Table>
  );
}

function DownloadLink({ made }: { readonly made: Made['output'] }) {
  return (
    <a
      href={made.url}
      download={made.file.split('/').at(-1)}
      aria-label={`Download ${made.file}`}
      className="inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-default hover:text-foreground"
    >
      <Download aria-hidden className="size-4" />
    </a>
  );
}
