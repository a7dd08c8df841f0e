/** Orders a job: of a run at once, of files with how much of them has gone up. */
import { useRef, useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from '@heroui/react';
import { createClient } from '../../../../src/api/client/index.ts';
import type { NewJob } from '../../../../src/api/job-recipe.ts';
import { client } from '../../client.ts';
import { LARGE_BYTES } from '../../live/resumable-upload.ts';
import { uploadFetch } from '../../live/upload-fetch.ts';
import { type Pictures, sourceOf } from './pictures.ts';
import { forgetPictures, uploadPictures } from './upload-pictures.ts';
import { useToolNavigate } from './use-pictures.ts';

export interface JobStart {
  readonly job: NewJob;
  readonly pictures: Pictures;
}

async function startResumably(
  job: NewJob,
  files: readonly File[],
  onShare: (share: number) => void,
  signal: AbortSignal,
) {
  const uploads = await uploadPictures(files, onShare, signal);
  const started = await client.jobs.create({ ...job, uploads }, { signal });
  forgetPictures(files);
  return started;
}

export function useStartJob() {
  const queries = useQueryClient();
  const go = useToolNavigate();
  const [share, setShare] = useState(0);
  const stop = useRef<AbortController>(undefined);
  const start = useMutation({
    meta: { showsErrors: true },
    mutationFn: ({ job, pictures }: JobStart) => {
      if (pictures.kind === 'run') return client.jobs.create({ ...job, ...sourceOf(pictures) });
      const over = new AbortController();
      stop.current = over;
      setShare(0);
      const bytes = pictures.files.reduce((sum, { size }) => sum + size, 0);
      if (bytes >= LARGE_BYTES) return startResumably(job, pictures.files, setShare, over.signal);
      const uploading = createClient({
        baseUrl: location.origin,
        retries: 1,
        fetch: uploadFetch((sent, total) => setShare(total === 0 ? 0 : sent / total)),
      });
      return uploading.jobs.upload(job, pictures.files, { signal: over.signal });
    },
    onSuccess: ({ job }) => {
      toast.success('The job has begun', { description: 'It goes on when you leave this page.' });
      void queries.invalidateQueries({ queryKey: ['jobs'] });
      go({ job });
      document.getElementById('jobs')?.scrollIntoView({ block: 'start', behavior: 'smooth' });
    },
  });
  return { ...start, share, cancelUpload: () => stop.current?.abort() };
}
