import { useId, type ReactNode } from 'react';
import { Card } from '@heroui/react';

interface PanelProps {
  readonly title: string;
  /** A line below the title. */
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One matter of the dashboard. */
export function Panel({ title, about, actions, children }: PanelProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="min-w-0">
      <Card className="h-full min-w-0 gap-4 border border-separator p-4 shadow-none sm:p-5">
        <Card.Header className="flex-row flex-wrap items-start gap-2">
          <div className="min-w-0">
            <h2 id={heading} className="text-sm font-medium">
              {title}
            </h2>
            {about && <p className="text-sm text-muted">{about}</p>}
          </div>
          {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
        </Card.Header>
        <Card.Content className="min-w-0 gap-4">{children}</Card.Content>
      </Card>
    </section>
  );
}
