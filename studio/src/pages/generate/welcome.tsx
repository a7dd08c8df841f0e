/** The first minutes: a run in one click, an example to take along, and how vendors are connected. */
import { Button, Card, toast } from '@heroui/react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Download, Play } from 'lucide-react';
import { client } from '../../client.ts';
import type { Model } from '../../queries/plan.ts';
import { exampleCsv, SAMPLE_ROWS } from './sample-sheet.ts';

export function Welcome({ models }: { readonly models: readonly Model[] }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const tryIt = useMutation({
    mutationFn: () =>
      client.runs.create({
        rows: SAMPLE_ROWS.map(([prompt, name]) => ({ prompt, name })),
        settings: { models: ['demo'] },
        title: 'Sample sheet',
        approve: true,
      }),
    onSuccess: async ({ run }) => {
      void queries.invalidateQueries({ queryKey: ['runs'] });
      await navigate({ to: '/runs/$run', params: { run } });
    },
  });
  return (
    <Card className="mb-5 gap-4 p-5">
      <div className="flex flex-col gap-1">
        <h2 className="text-lg font-semibold tracking-tight">A sheet of prompts in, images out</h2>
        <p className="max-w-2xl text-sm text-muted">
          You see what it costs and how long it takes before anything is spent. Try it now: the demo
          model paints plain pictures on this machine, for nothing.
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button isPending={tryIt.isPending} onPress={() => tryIt.mutate()}>
          <Play aria-hidden className="size-4" />
          Try {SAMPLE_ROWS.length} sample prompts · free
        </Button>
        <Button variant="secondary" onPress={download}>
          <Download aria-hidden className="size-4" />
          Example sheet (CSV)
        </Button>
      </div>
      <Vendors models={models} />
    </Card>
  );
}

function download(): void {
  const url = URL.createObjectURL(new Blob([exampleCsv()], { type: 'text/csv' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: 'example.csv' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  toast.success('example.csv is among your downloads', {
    description: 'Change it in any spreadsheet program, and drop it here.',
  });
}

/** What is connected, and what the others need. */
function Vendors({ models }: { readonly models: readonly Model[] }) {
  const waiting = models.filter((each) => !each.available && each.lifecycle.state === 'active');
  const byRemedy = Map.groupBy(waiting, (model) => model.to_use ?? '');
  const ready = models.filter(({ available, model }) => available && model !== 'demo');
  if (models.length === 0) return null;
  return (
    <div className="flex flex-col gap-2 border-t border-separator pt-3 text-sm">
      <h3 className="font-medium">Models of vendors</h3>
      {ready.length > 0 && (
        <p className="text-muted">Ready: {ready.map(({ title }) => title).join(', ')}.</p>
      )}
      {byRemedy.size > 0 && (
        <ul className="flex flex-col gap-1" aria-label="Models that are not connected">
          {[...byRemedy].map(([remedy, of]) => (
            <li key={remedy}>
              <span className="font-medium">{of.map(({ title }) => title).join(', ')}</span>
              <span className="text-muted">: {remedy}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
