/** What a workspace may make in an hour, and what raises it. */
import { Link } from '@tanstack/react-router';
import type { client } from '../../../client.ts';
import { creditsText } from '../../../parts/credits.tsx';

type Ceiling = Awaited<ReturnType<typeof client.credits.get>>['ceiling'];

export function ceilingText(imagesPerHour: number | null): string {
  return imagesPerHour === null
    ? 'none'
    : `${imagesPerHour.toLocaleString('en-US')} images in any 60 minutes`;
}

export function CeilingWords({ ceiling }: { readonly ceiling: Ceiling }) {
  if (ceiling.images_per_hour === null) return 'There is no ceiling: vendors set the pace.';
  if (ceiling.follows === 'operator') {
    return 'Set by hand by whoever runs this service, who can raise it. What is bought does not change it.';
  }
  if (ceiling.next === null) return 'The highest that can be bought.';
  return (
    <>
      With {creditsText(ceiling.next.to_buy)} more bought it rises to{' '}
      {ceilingText(ceiling.next.images_per_hour)}.{' '}
      <Link to="/settings/$section" params={{ section: 'credits' }} className="text-link underline">
        See the packs
      </Link>
    </>
  );
}
