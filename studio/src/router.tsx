/** All pages of the studio by their address. Each is loaded when it is first opened. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { queryClient } from './queries/query-client.ts';
import { sessionQuery } from './queries/session.ts';
import { PageError } from './parts/page-error.tsx';
import { toolSearch } from './pages/tools/tool-search.ts';
import { PageSkeleton } from './parts/page-skeleton.tsx';
import { reviewSearch } from './pages/review/review-search.ts';
import { FullScreen } from './shell/full-screen.tsx';
import { readRunSearch } from './pages/run/run-search.ts';
import { NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: PageError });

const signIn = createRoute({
  getParentRoute: () => root,
  path: 'sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    typeof search['to'] === 'string' && /^\/(?!\/)/.test(search['to']) ? { to: search['to'] } : {},
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

/** For visitors without a key: its secret stands behind the `#`, which no server is told. */
const share = createRoute({
  getParentRoute: () => root,
  path: 'share/$share',
  component: lazyRouteComponent(() => import('./pages/share/share-page.tsx'), 'SharePage'),
});

async function requireSession({ location }: { readonly location: { readonly href: string } }) {
  const session = await queryClient.ensureQueryData(sessionQuery);
  if (session === null) throw redirect({ to: '/sign-in', search: { to: location.href } });
}

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: requireSession,
});

/** Signed in as well, without the menu around it. */
const fullScreen = createRoute({
  getParentRoute: () => root,
  id: 'full-screen',
  component: FullScreen,
  beforeLoad: requireSession,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/generate' });
  },
});

const generate = createRoute({
  getParentRoute: () => shell,
  path: 'generate',
  component: lazyRouteComponent(() => import('./pages/generate/generate-page.tsx'), 'GeneratePage'),
});

const runs = createRoute({
  getParentRoute: () => shell,
  path: 'runs',
  component: lazyRouteComponent(() => import('./pages/runs/runs-page.tsx'), 'RunsPage'),
});

const run = createRoute({
  getParentRoute: () => shell,
  path: 'runs/$run',
  validateSearch: readRunSearch,
  component: lazyRouteComponent(() => import('./pages/run/run-page.tsx'), 'RunPage'),
});

const review = createRoute({
  getParentRoute: () => fullScreen,
  path: 'runs/$run/review',
  validateSearch: reviewSearch,
  component: lazyRouteComponent(() => import('./pages/review/review-page.tsx'), 'ReviewPage'),
});

const references = createRoute({
  getParentRoute: () => shell,
  path: 'references',
  // `name`: its details are open. `make`: with these pictures (`@a,@b`) a run is being made.
  validateSearch: (search: Record<string, unknown>): { name?: string; make?: string } => ({
    ...(typeof search['name'] === 'string' && { name: search['name'] }),
    ...(typeof search['make'] === 'string' && { make: search['make'] }),
  }),
  component: lazyRouteComponent(
    () => import('./pages/references/references-page.tsx'),
    'ReferencesPage',
  ),
});

const tools = createRoute({
  getParentRoute: () => shell,
  path: 'tools',
  validateSearch: toolSearch,
  component: lazyRouteComponent(() => import('./pages/tools/tools-page.tsx'), 'ToolsPage'),
});

const dashboard = createRoute({
  getParentRoute: () => shell,
  path: 'dashboard',
  validateSearch: (
    search: Record<string, unknown>,
  ): { days?: 7 | 30 | 90; checkout?: 'paid' | 'cancelled' } => {
    const days = ([7, 30, 90] as const).find((each) => each === search['days']);
    const checkout = (['paid', 'cancelled'] as const).find((each) => each === search['checkout']);
    return { ...(days && { days }), ...(checkout && { checkout }) };
  },
  component: lazyRouteComponent(
    () => import('./pages/dashboard/dashboard-page.tsx'),
    'DashboardPage',
  ),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: 'settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});

/** Sections are pages of their own: `pages/settings/settings-page.tsx` has their names. */
const settingsSection = createRoute({
  getParentRoute: () => shell,
  path: 'settings/$section',
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    share,
    fullScreen.addChildren([review]),
    shell.addChildren([
      home,
      generate,
      runs,
      run,
      references,
      tools,
      dashboard,
      settings,
      settingsSection,
    ]),
  ]),
  defaultErrorComponent: PageError,
  defaultPendingComponent: PageSkeleton,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
