/** What stands around a page that has the whole window: nothing to be seen, and all that keeps it true. */
import './full-screen.css';
import { Outlet } from '@tanstack/react-router';
import { useWorkspaceEvents } from '../live/use-workspace-events.ts';
import { CommandMenu } from './command-menu.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { useLeaveWhenSignedOut } from './shell.tsx';

export function FullScreen() {
  useWorkspaceEvents();
  useLeaveWhenSignedOut();
  return (
    <main
      id="main"
      data-full-screen
      tabIndex={-1}
      className="flex h-dvh flex-col overflow-hidden outline-none"
    >
      <OfflineBanner />
      <Outlet />
      <CommandMenu />
    </main>
  );
}
