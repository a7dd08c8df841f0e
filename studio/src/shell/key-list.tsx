import { Kbd } from '@heroui/react';
import { KEY_GROUPS } from './keys.ts';

/** Every key with what it does. */
export function KeyList() {
  return (
    <div className="grid gap-6 sm:grid-cols-2">
      {KEY_GROUPS.map(({ title, keys }) => (
        <section key={title} aria-label={title}>
          <h3 className="mb-2 text-sm font-semibold">{title}</h3>
          <dl className="flex flex-col gap-1.5">
            {keys.map(({ keys: pressed, what }) => (
              <div key={what} className="flex items-center justify-between gap-4 text-sm">
                <dt className="text-muted">{what}</dt>
                <dd className="flex shrink-0 gap-1">
                  {pressed.map((key, place) => (
                    // G G is the same key twice.
                    <Kbd key={`${key} ${place}`}>{key}</Kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
