/** What stands around every page: the menu, the account, what is offline. */
import { useEffect } from 'react';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useHotkeySequence } from '@tanstack/react-hotkeys';
import { useWorkspaceEvents } from '../live/use-workspace-events.ts';
import { sessionQuery } from '../queries/session.ts';
import { useQuery } from '@tanstack/react-query';
import { AccountPanel } from './account-panel.tsx';
import { CommandMenu } from './command-menu.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { Menu } from './menu.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { PAGES } from './pages.ts';
import { PhoneBar } from './phone-bar.tsx';

export function Shell() {
  useWorkspaceEvents();
  useLeaveWhenSignedOut();
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-accent focus:px-3 focus:py-2 focus:text-accent-foreground"
      >
        Skip to the page
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r border-separator bg-surface px-3 py-4 lg:flex">
        <Menu />
        <div className="mt-auto">
          <AccountPanel />
        </div>
      </aside>
      <PhoneBar />
      <main id="main" tabIndex={-1} className="min-w-0 outline-none">
        <OfflineBanner />
        <Outlet />
      </main>
      <CommandMenu />
      <HelpDialog />
      {PAGES.map((page) => (
        <PageKeys key={page.to} to={page.to} keys={page.keys} />
      ))}
    </div>
  );
}

function PageKeys({ to, keys }: Pick<(typeof PAGES)[number], 'to' | 'keys'>) {
  const navigate = useNavigate();
  useHotkeySequence([...keys] as never, () => void navigate({ to }), { ignoreInputs: true });
  return null;
}

export function useLeaveWhenSignedOut(): void {
  const { data } = useQuery(sessionQuery);
  const navigate = useNavigate();
  useEffect(() => {
    if (data !== null) return;
    const { pathname, search } = location;
    void navigate({ to: '/sign-in', search: { to: `${pathname}${search}` } });
  }, [data, navigate]);
}
