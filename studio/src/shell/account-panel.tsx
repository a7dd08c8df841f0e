/** Who is signed in, what is left, and light or dark. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown, Kbd, Label, Separator } from '@heroui/react';
import { Link, useNavigate } from '@tanstack/react-router';
import { Check, ChevronsUpDown } from 'lucide-react';
import { endpoint } from '../../../src/api/client/index.ts';
import type { endSessionRoute } from '../../../src/api/routes/session.ts';
import { client } from '../client.ts';
import { Credits } from '../parts/credits.tsx';
import { HourCounter } from '../parts/hour-counter.tsx';
import { creditsQuery } from '../queries/account.ts';
import { useMay, useSession } from '../queries/session.ts';
import { openHelp } from './help-dialog.tsx';
import { setTheme, THEME_TITLES, THEMES, useTheme } from './theme.ts';

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
  const navigate = useNavigate();
  const act = (key: unknown) => {
    const theme = THEMES.find((each) => key === each);
    if (theme !== undefined) setTheme(theme);
    if (key === 'settings') void navigate({ to: '/settings' });
    if (key === 'keys') openHelp();
    if (key === 'sign-out') signOut.mutate();
  };
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
        <Button variant="ghost" className="h-auto w-full justify-between py-1.5">
          <span className="flex min-w-0 flex-col items-start leading-tight">
            <span className="max-w-full truncate">{session?.workspace.name}</span>
            <span className="max-w-full truncate text-xs font-normal text-muted">
              {session?.key.name}
            </span>
          </span>
          <ChevronsUpDown aria-hidden className="size-4 text-muted" />
        </Button>
        <Dropdown.Popover placement="top start">
          <Dropdown.Menu aria-label="Account" onAction={act}>
            <Dropdown.Item id="settings" textValue="Settings">
              <Label>Settings</Label>
            </Dropdown.Item>
            <Dropdown.Item id="keys" textValue="Keys of the keyboard">
              <Label>Keys of the keyboard</Label>
              <Kbd className="ml-auto">?</Kbd>
            </Dropdown.Item>
            <Separator />
            {THEMES.map((each) => (
              <Dropdown.Item key={each} id={each} textValue={THEME_TITLES[each]}>
                <Label>{THEME_TITLES[each]}</Label>
                {each === chosen && <Check aria-label="chosen" className="ml-auto size-4" />}
              </Dropdown.Item>
            ))}
            <Separator />
            <Dropdown.Item id="sign-out" textValue="Sign out" variant="danger">
              <Label>Sign out</Label>
            </Dropdown.Item>
          </Dropdown.Menu>
        </Dropdown.Popover>
      </Dropdown>
    </div>
  );
}
