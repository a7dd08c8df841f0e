import type { client } from '../../../client.ts';

export type Model = Awaited<ReturnType<typeof client.models.get>>;

export const SHOWN_OPTIONS = [
  { id: 'current', title: 'All that are not retired' },
  { id: 'available', title: 'Usable here' },
  { id: 'references', title: 'With references' },
  { id: 'batch', title: 'With a half-price lane' },
  { id: 'all', title: 'All, also retired' },
] as const;
export type Shown = (typeof SHOWN_OPTIONS)[number]['id'];

export function isFound(
  model: Model,
  { search, shown }: { readonly search: string; readonly shown: Shown },
): boolean {
  const names = [model.model, model.title, model.vendor, ...model.aliases];
  const words = search.toLowerCase().split(/\s+/);
  const text = names.join(' ').toLowerCase();
  return words.every((word) => text.includes(word)) && isShown(model, shown);
}

function isShown(model: Model, shown: Shown): boolean {
  if (shown === 'all') return true;
  if (model.lifecycle.state === 'retired') return false;
  if (shown === 'available') return model.available;
  if (shown === 'references') return model.references.count > 0;
  return shown === 'current' || model.lanes.includes('batch');
}
