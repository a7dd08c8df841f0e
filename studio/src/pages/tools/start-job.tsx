/** The button that begins, how far an upload is, and what is wrong. */
import { Alert, Button, Label, ProgressBar } from '@heroui/react';
import type { Problem } from '../../../../src/engine/core/errors.ts';
import { ApiError } from '../../client.ts';
import { errorText } from '../../parts/error-text.ts';
import type { NewJob } from '../../../../src/api/job-recipe.ts';
import { MOST_FILES, MOST_UPLOAD_BYTES, type Pictures } from './pictures.ts';
import { useStartJob } from './use-start-job.ts';

interface StartJobProps {
  /** "Convert", "Check". */
  readonly verb: string;
  readonly job: NewJob;
  readonly problems: readonly Problem[];
  readonly pictures: Pictures;
  readonly count: number;
}

export function StartJob({ verb, job, problems, pictures, count }: StartJobProps) {
  const start = useStartJob();
  const isUploading = start.isPending && pictures.kind === 'files';
  const canStart = count > 0 && problems.length === 0 && !isTooMuch(pictures);
  const noun = count === 1 ? 'picture' : 'pictures';
  const aborted = start.error instanceof DOMException && start.error.name === 'AbortError';
  return (
    <div className="flex flex-col gap-3">
      {problems.length > 0 && <ProblemList title="This cannot be done yet" problems={problems} />}
      {start.error && !aborted && <StartError error={start.error} />}
      <Button
        isDisabled={!canStart}
        isPending={start.isPending}
        onPress={() => start.mutate({ job, pictures })}
        fullWidth
      >
        {count === 0 ? verb : `${verb} ${count.toLocaleString('en-US')} ${noun} · free`}
      </Button>
      {isUploading && (
        <div className="flex items-end gap-2">
          <ProgressBar value={Math.round(start.share * 100)} size="sm" className="grow">
            <Label>{start.share < 1 ? 'Uploading' : 'The server takes them in'}</Label>
            <ProgressBar.Output />
            <ProgressBar.Track>
              <ProgressBar.Fill />
            </ProgressBar.Track>
          </ProgressBar>
          <Button size="sm" variant="ghost" onPress={start.cancelUpload}>
            Stop
          </Button>
        </div>
      )}
    </div>
  );
}

function isTooMuch(pictures: Pictures): boolean {
  if (pictures.kind === 'run') return false;
  const bytes = pictures.files.reduce((sum, { size }) => sum + size, 0);
  return pictures.files.length > MOST_FILES || bytes > MOST_UPLOAD_BYTES;
}

function StartError({ error }: { readonly error: Error }) {
  const { title, detail } = errorText(error);
  const problems = error instanceof ApiError ? error.problems : [];
  if (problems.length > 0) return <ProblemList title={title} problems={problems} />;
  return (
    <Alert status="danger" role="alert">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>{title}</Alert.Title>
        <Alert.Description>{detail}</Alert.Description>
      </Alert.Content>
    </Alert>
  );
}

interface ToldProblem {
  readonly value?: string | undefined;
  readonly message: string;
  readonly remedy?: string | undefined;
}

function ProblemList({
  title,
  problems,
}: {
  readonly title: string;
  readonly problems: readonly ToldProblem[];
}) {
  return (
    <Alert status="warning" role="alert">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>{title}</Alert.Title>
        <Alert.Description>
          <ul className="flex flex-col gap-1">
            {problems.map(({ value, message, remedy }) => (
              <li key={`${value} ${message}`}>
                {value !== undefined && <code className="break-all">{value}</code>} {message}.{' '}
                {remedy}
              </li>
            ))}
          </ul>
        </Alert.Description>
      </Alert.Content>
    </Alert>
  );
}
