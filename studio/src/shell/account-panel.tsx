/** Who is signed in, what is left, and light or dark. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown, Label } from '@heroui/react';
import { Link } from '@tanstack/react-router';
import { ChevronsUpDown } from 'lucide-react';
import { endpoint } from '../../../src/api/client/index.ts';
import type { endSessionRoute } from '../../../src/api/routes/session.ts';
import { client } from '../client.ts';
import { Credits } from '../parts/credits.tsx';
import { HourCounter } from '../parts/hour-counter.tsx';
import { creditsQuery } from '../queries/account.ts';
import { useMay, useSession } from '../queries/session.ts';
import { setTheme, THEMES, useTheme } from './theme.ts';

const end = endpoint<typeof endSessionRoute>('delete', '/v1/session');

export function AccountPanel() {
  const session = useSession();
  const mayReadCredits = useMay('credits:read');
  const { data: credits } = useQuery({ ...creditsQuery, enabled: mayReadCredits });
  const queries = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => client.call(end, {}),
    onSuccess: () => {
      queries.clear();
      queries.setQueryData(['session'], null);
    },
  });
  const chosen = useTheme();
  return (
    <div className="flex flex-col gap-3">
      <HourCounter />
      {credits && (
        <Link
          to="/dashboard"
          className="flex items-baseline justify-between rounded-md px-2 text-sm"
        >
          <span className="text-muted">Balance</span>
          <span className="font-medium tabular-nums">
            {credits.balance === null ? 'no limit' : <Credits value={credits.balance} />}
          </span>
        </Link>
      )}
      <Dropdown>
        <Button variant="ghost" className="w-full justify-between" size="sm">
          <span className="truncate">{session?.workspace.name}</span>
          <ChevronsUpDown aria-hidden className="size-4 text-muted" />
        </Button>
        <Dropdown.Popover placement="top start">
          <Dropdown.Menu
            aria-label="Account"
            onAction={(key) => {
              const theme = THEMES.find((each) => key === each);
              if (theme !== undefined) setTheme(theme);
              if (key === 'sign-out') signOut.mutate();
            }}
          >
            {THEMES.map((each) => (
              <Dropdown.Item key={each} id={each} textValue={each}>
                <Label>
                  {THEME_TITLES[each]}
                  {each === chosen ? ' ✓' : ''}
                </Label>
              </Dropdown.Item>
            ))}
            <Dropdown.Item id="sign-out" textValue="Sign out" variant="danger">
              <Label>Sign out {session?.key.name}</Label>
            </Dropdown.Item>
          </Dropdown.Menu>
        </Dropdown.Popover>
      </Dropdown>
    </div>
  );
}

const THEME_TITLES = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;
