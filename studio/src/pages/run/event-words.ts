/** Entries of a journal in words. */
import type { JournalEntry } from '../../live/use-run-events.ts';

type Data = JournalEntry['data'];

const WORDS: Readonly<Record<string, (data: Data) => string>> = {
  'run-planned': ({ items }) => `Planned: ${many(items, 'image')}`,
  'run-started': () => 'Taken up',
  'run-stopped': ({ state, reason }) =>
    `Came to rest: ${String(state).replaceAll('_', ' ')}${reason ? ` (${reason})` : ''}`,
  'budget-changed': ({ credits }) =>
    credits === null ? 'No bound of credits any more' : `Most credits: ${credits}`,
  'run-approved': () => 'Approved',
  'attempt-sent': ({ attempt }) => `Sent${attempt === 1 ? '' : `, attempt ${attempt}`}`,
  'attempt-accepted': () => 'The vendor has taken it',
  'attempt-settled': ({ delivered, refused, failed }) =>
    [some(delivered, 'delivered'), some(refused, 'refused'), some(failed, 'failed')]
      .filter((each) => each !== '')
      .join(', '),
  'attempt-returned': ({ reason }) => `Came back, and is sent again: ${reason}`,
  'attempt-unknown': ({ reason }) => `Nobody can tell whether it was made: ${reason}`,
  'unknown-decided': () => 'Decided about what was unknown',
  amended: ({ items }) => `${many(items, 'image')} changed`,
  'bundle-sent': ({ requests }) => `A batch of ${many(requests, 'request')} sent`,
  'bundle-accepted': () => 'The vendor has taken the batch',
  'bundle-returned': ({ requests, reason }) =>
    `A batch of ${many(requests, 'request')} came back: ${reason}`,
  'left-batch-lane': ({ lane, requests }) =>
    `${many(requests, 'request')} left the batch lane of ${lane}`,
  'took-batch-lane': ({ lane, requests }) =>
    `${many(requests, 'request')} took the batch lane of ${lane}`,
  'retry-asked': ({ state, items }) => `${many(items, `${state} image`)} made again`,
};

export function eventText({ type, data }: JournalEntry): string {
  return WORDS[type]?.(data) ?? type.replaceAll('-', ' ');
}

/** Entries that one looks for among many. */
export function isNotable({ type, data }: JournalEntry): boolean {
  if (type === 'attempt-settled') return Number(data['refused']) + Number(data['failed']) > 0;
  return !['attempt-sent', 'attempt-accepted'].includes(type);
}

function many(count: Data[string] | undefined, one: string, more = `${one}s`): string {
  const number = Number(count ?? 0);
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : more}`;
}

function some(count: Data[string] | undefined, word: string): string {
  return Number(count ?? 0) === 0 ? '' : `${count} ${word}`;
}
