/** Work waits that nobody takes: what to do about it. */
import { Alert } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import type { DashboardAnswer } from '../../queries/dashboard.ts';
import { useMay } from '../../queries/session.ts';
import { workersQuery } from '../../queries/workers.ts';
import { KINDS, missingTitle } from './worker-words.ts';

export function WorkersNotice({ workers }: Pick<DashboardAnswer, 'workers'>) {
  const mayOperate = useMay('operate');
  const { data } = useQuery({ ...workersQuery, enabled: mayOperate });
  const everywhere = mayOperate ? (data?.missing ?? []) : [];
  const missing = KINDS.filter((kind) => [...workers.missing, ...everywhere].includes(kind));
  if (missing.length === 0) return null;
  return (
    <Alert status="warning" role="status">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>{missingTitle(missing)}</Alert.Title>
        <Alert.Description>{mayOperate ? <HowToStart /> : FOR_OTHERS}</Alert.Description>
      </Alert.Content>
    </Alert>
  );
}

const FOR_OTHERS =
  'What waits goes on by itself as soon as whoever runs this server has started one. Nothing is lost.';

function HowToStart() {
  return (
    <>
      Work waits for it. Start <Command>imagemill worker</Command>, or{' '}
      <Command>imagemill serve</Command> without <Command>--take nothing</Command>.
    </>
  );
}

function Command({ children }: { readonly children: string }) {
  return <code className="rounded bg-default px-1 font-mono text-xs">{children}</code>;
}
