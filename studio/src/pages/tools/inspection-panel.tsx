/** All that one picture says of itself, for people. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Chip, Disclosure, Skeleton } from '@heroui/react';
import { Link } from '@tanstack/react-router';
import type { Answer } from '../../../../src/api/client/index.ts';
import type { createInspectionRoute } from '../../../../src/api/routes/tools.ts';
import { SOURCE_TYPES } from '../../../../src/engine/core/source-type.ts';
import { client } from '../../client.ts';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Picture } from '../../parts/picture.tsx';
import { timeText } from '../../parts/time.ts';
import { bytesText } from './bytes.ts';
import type { OnePicture } from './pictures.ts';
import { useObjectUrl } from './use-object-url.ts';
import { keyOf } from './use-preview.ts';

export type Inspection = Answer<typeof createInspectionRoute>;

export function InspectionPanel({ one }: { readonly one: OnePicture | undefined }) {
  const query = useQuery({
    queryKey: ['inspection', keyOf(one)],
    enabled: one !== undefined,
    staleTime: Infinity,
    queryFn: ({ signal }) => inspectionOf(one!, signal),
  });
  if (one === undefined) {
    return (
      <EmptyPanel
        title="Nothing to inspect yet"
        detail="Drop a picture or choose a run. What the file says of itself is shown here."
      />
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <Shown one={one} />
      {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton className="h-48 w-full rounded-md" />}
      {query.data && <Report of={query.data} />}
    </div>
  );
}

/** Of an image of a run its delivered file, which has the marks; where there is none, as it was made. */
async function inspectionOf(one: OnePicture, signal: AbortSignal): Promise<Inspection> {
  if (one.kind === 'file') return client.tools.inspect(one.file, { signal });
  const { run, item } = one;
  const { file } = await client.items.get(run, item, { signal });
  const output = file === null ? {} : { output: 'main' };
  return client.tools.inspectItem(run, item, output, { signal });
}

function Shown({ one }: { readonly one: OnePicture }) {
  const file = useObjectUrl(one.kind === 'file' ? one.file : undefined);
  const src = one.kind === 'item' ? `/v1/runs/${one.run}/items/${one.item}/image` : file;
  return (
    <div className="aspect-video max-h-[50dvh] w-full overflow-hidden rounded-md">
      {src !== undefined && <Picture src={src} alt="The picture" isEager />}
    </div>
  );
}

function Report({ of }: { readonly of: Inspection }) {
  const { marks, credentials, known } = of;
  return (
    <>
      <Warnings of={of} />
      <Facts rows={pictureRows(of)} title="File" />
      {marks !== null && <Facts rows={markRows(marks)} title="Marks of origin" />}
      {known.length > 0 && (
        <section className="text-sm">
          <h3 className="mb-1 font-medium">Known here</h3>
          <ul>
            {known.map(({ kind, runId, row, index }) => (
              <li key={`${kind} ${runId} ${row} ${index}`}>
                {kind === 'master' ? 'The stored original of ' : 'Made for '}
                <Link to="/runs/$run" params={{ run: runId }} className="text-link underline">
                  run {runId}
                </Link>
                {row !== undefined && `, row ${row}`}
                {index !== undefined && `, image ${index}`}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="flex flex-col gap-2 text-sm">
        <h3 className="flex items-center gap-2 font-medium">
          Content credentials <CredentialsChip kind={credentials.kind} />
        </h3>
        <Facts rows={credentialRows(credentials)} />
      </section>
      <More title="XMP" rows={of.xmp} />
      <More title="IPTC" rows={of.iptc} />
      <More title="EXIF" rows={of.exif} />
      <More title="Texts" rows={of.texts} />
    </>
  );
}

function Warnings({
  of: { decodes, decodes_reason: reason, credentials, tells_place },
}: {
  readonly of: Inspection;
}) {
  const words = [
    ...(decodes === 'broken' ? [`It does not decode: ${reason ?? 'it is cut or damaged'}`] : []),
    ...(credentials.kind === 'broken'
      ? ['Its content credentials do not hold: the file was changed after it was signed.']
      : []),
    ...(tells_place ? ['It tells the place where it was taken (GPS).'] : []),
  ];
  if (words.length === 0) return null;
  return (
    <Alert status="warning" role="alert">
      <Alert.Indicator />
      <Alert.Content>
        {words.map((text) => (
          <Alert.Title key={text}>{text}</Alert.Title>
        ))}
      </Alert.Content>
    </Alert>
  );
}

const CREDENTIALS = {
  none: { text: 'none', color: 'default' },
  valid: { text: 'valid, signer trusted', color: 'success' },
  untrusted: { text: 'intact, signer not trusted here', color: 'warning' },
  broken: { text: 'broken', color: 'danger' },
} as const;

function CredentialsChip({ kind }: { readonly kind: keyof typeof CREDENTIALS }) {
  const { text, color } = CREDENTIALS[kind];
  return (
    <Chip size="sm" variant="soft" color={color}>
      {text}
    </Chip>
  );
}

type Row = readonly [string, string | number | null | undefined];

function Facts({ rows, title }: { readonly rows: readonly Row[]; readonly title?: string }) {
  const said = rows.filter(([, text]) => text !== null && text !== undefined && text !== '');
  if (said.length === 0) return null;
  return (
    <section className="text-sm">
      {title !== undefined && <h3 className="mb-1 font-medium">{title}</h3>}
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1">
        {said.map(([name, text], at) => (
          <div key={`${at} ${name}`} className="contents">
            <dt className="truncate text-muted" title={name}>
              {name}
            </dt>
            <dd className="break-words whitespace-pre-wrap">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function More({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly value: string }[];
}) {
  if (rows.length === 0) return null;
  return (
    <Disclosure className="border-t border-separator pt-2">
      <Disclosure.Heading>
        <Disclosure.Trigger className="flex w-full items-center gap-2 text-sm font-medium">
          {title} <span className="text-muted">{rows.length}</span>
          <Disclosure.Indicator />
        </Disclosure.Trigger>
      </Disclosure.Heading>
      <Disclosure.Content>
        <Disclosure.Body className="pt-2">
          <Facts rows={rows.map(({ name, value }) => [name, value])} />
        </Disclosure.Body>
      </Disclosure.Content>
    </Disclosure>
  );
}

function pictureRows(of: Inspection): Row[] {
  const source = of.source_type;
  const words = source === null ? undefined : SOURCE_TYPES[source as keyof typeof SOURCE_TYPES];
  return [
    ['Format', `${of.format}, ${of.width}×${of.height}`],
    ['Size', `${bytesText(of.bytes)} (${of.bytes.toLocaleString('en-US')} bytes)`],
    [
      'Colours',
      [
        of.colour_space,
        `${of.bits} bits`,
        of.alpha ? 'alpha' : 'no alpha',
        ...(of.colour_profile === null ? [] : [`profile ${of.colour_profile}`]),
      ].join(', '),
    ],
    ['Frames', of.frames > 1 ? of.frames : undefined],
    ['Decodes', of.decodes === 'whole' ? 'whole' : of.decodes_reason],
    ['Made by', source === null ? 'not said' : (words ?? source)],
    ['SHA-256', of.sha256],
  ];
}

function markRows(marks: NonNullable<Inspection['marks']>): Row[] {
  return [
    ['Prompt', marks.prompt],
    ['Negative', marks.negativePrompt],
    ['Model', marks.vendor === undefined ? marks.model : `${marks.model ?? ''} (${marks.vendor})`],
    ['Seed', marks.seed],
    ['Run', marks.runId],
    ['Row', marks.row],
    ['Image', marks.index],
    ['Made at', marks.createdAt === undefined ? undefined : timeText(marks.createdAt)],
    ['Marked by', marks.generator],
  ];
}

function credentialRows(said: Inspection['credentials']): Row[] {
  return [
    ['Elsewhere', said.elsewhere],
    ['Signed by', said.signer],
    ['Certificate', said.issuer],
    ['Valid until', said.certificateEndsAt && timeText(said.certificateEndsAt)],
    ['Signed at', said.signedAt && timeText(said.signedAt)],
    ['Claimed by', said.generator],
    ...(said.actions ?? []).map(({ action, description, by, digitalSourceType }): Row => {
      const more = [description, by && `by ${by}`, digitalSourceType].filter(Boolean);
      return ['Action', [action, ...more].join(', ')];
    }),
    ...(said.ingredients ?? []).map(({ relationship, title, format, credentials }): Row => {
      const own =
        credentials === undefined
          ? 'no credentials'
          : `signed by ${credentials.signer ?? 'somebody'}`;
      return ['Made from', [relationship, title, format, own].filter(Boolean).join(', ')];
    }),
    ...(said.problems ?? []).map((text): Row => ['Problem', text]),
  ];
}
