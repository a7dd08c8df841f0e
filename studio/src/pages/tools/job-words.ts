/** Jobs in words. */
import type { Job } from '../../queries/jobs.ts';

/** `Enlarge 2×`, `Convert to WebP`, `Recipe webp 82`. */
export function jobTitle({ kind, request }: Pick<Job, 'kind' | 'request'>): string {
  switch (kind) {
    case 'upscale':
      return `Enlarge ${String(request['factor'])}×, ${String(request['method'])}`;
    case 'convert':
      return convertTitle(request);
    case 'finish':
      return `Recipe: ${String(request['recipe'])}`;
    case 'mark':
      return 'Mark';
    case 'check':
      return request['screen'] === true ? 'Check and screen' : 'Check';
    default:
      return kind satisfies never;
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  webp: 'WebP',
  avif: 'AVIF',
  jpeg: 'JPEG',
  png: 'PNG',
};

function convertTitle(request: Job['request']): string {
  const { crop, sizes, format } = request;
  const boxes = Array.isArray(sizes) ? (sizes as { readonly size: string }[]) : [];
  const parts = [
    ...(typeof crop === 'string' ? [`crop ${crop}`] : []),
    ...(boxes.length > 0 ? [boxes.map(({ size }) => size).join(', ')] : []),
    ...(typeof format === 'string' ? [FORMATS[format] ?? format] : []),
  ];
  return `Convert to ${parts.join(', ')}`;
}

export function jobCount({ pictures }: Pick<Job, 'pictures'>): number {
  const { done, failed, waiting } = pictures;
  return done + failed + waiting;
}

export function isOpen({ state }: Pick<Job, 'state'>): boolean {
  return state === 'waiting' || state === 'working';
}
