/** What a check found, picture by picture, the worst first; of a run each leads to its image. */
import { Chip, Table } from '@heroui/react';
import { Link } from '@tanstack/react-router';
import {
  FINDING_WEIGHTS,
  type CheckFindingKind,
} from '../../../../src/engine/core/check-finding.ts';
import { Picture } from '../../parts/picture.tsx';
import type { Job, JobFinding } from '../../queries/jobs.ts';

interface FindingsTableProps {
  readonly job: Job;
  readonly found: readonly JobFinding[];
}

export function FindingsTable({ job, found }: FindingsTableProps) {
  return (
    <Table>
      <Table.ScrollContainer>
        <Table.Content aria-label="Findings">
          <Table.Header>
            <Table.Column>Picture</Table.Column>
            <Table.Column isRowHeader>File</Table.Column>
            <Table.Column>Found</Table.Column>
          </Table.Header>
          <Table.Body>
            {found.map((each) => (
              <Table.Row key={each.file} id={each.file}>
                <Table.Cell>
                  <span className="block size-14 overflow-hidden rounded">
                    {each.thumbnail !== null && (
                      <Picture src={`${each.thumbnail}&width=192`} alt="" fit="cover" />
                    )}
                  </span>
                </Table.Cell>
                <Table.Cell>
                  <FileName job={job} of={each} />
                </Table.Cell>
                <Table.Cell>
                  <ul className="flex flex-col gap-1">
                    {each.findings.map(({ kind, text }) => (
                      <li key={`${kind} ${text}`} className="flex items-baseline gap-2">
                        <Weight kind={kind} />
                        <span>{text}</span>
                      </li>
                    ))}
                  </ul>
                </Table.Cell>
              </Table.Row>
            ))}
          </Table.Body>
        </Table.Content>
      </Table.ScrollContainer>
    </Table>
  );
}

function FileName({ job, of }: { readonly job: Job; readonly of: JobFinding }) {
  const { file, row, item } = of;
  if (job.run === null || item === null) return <span className="break-all">{file}</span>;
  return (
    <Link
      to="/runs/$run"
      params={{ run: job.run }}
      search={{ item }}
      className="break-all text-link underline"
    >
      {file}
      {row !== null && <span className="block text-xs text-muted">row {row}</span>}
    </Link>
  );
}

const WEIGHTS = {
  fails: { text: 'wrong', color: 'danger' },
  flags: { text: 'look', color: 'warning' },
  notes: { text: 'note', color: 'default' },
} as const;

function Weight({ kind }: { readonly kind: string }) {
  const { text, color } = WEIGHTS[FINDING_WEIGHTS[kind as CheckFindingKind] ?? 'notes'];
  return (
    <Chip size="sm" variant="soft" color={color}>
      {text}
    </Chip>
  );
}
