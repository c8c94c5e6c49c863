import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { adoptSession } from './api/client.ts';
import { isFailure } from './api/failure.ts';
import { sessionQuery } from './api/session.ts';
import { parseSearch, type Search, stringifySearch } from './filters/use-address.ts';
import { PAGES } from './pages.tsx';
import { NotFound } from './shell/not-found.tsx';
import { PageFrame } from './shell/page-frame.tsx';
import { RouteFailure } from './shell/route-failure.tsx';
import { Shell } from './shell/shell.tsx';

interface RouterContext {
  readonly queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  notFoundComponent: NotFound,
  errorComponent: RouteFailure,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./features/sign-in/page.tsx'), 'SignInPage'),
});

const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  errorComponent: RouteFailure,
  notFoundComponent: NotFound,
  beforeLoad: async ({ context, location }) => {
    try {
      return { session: await context.queryClient.ensureQueryData(sessionQuery) };
    } catch (error) {
      if (!isFailure(error, 401)) throw error;
      adoptSession(null);
      throw redirect({ to: '/sign-in', search: { return: location.href } as never });
    }
  },
});

const pageRoutes = PAGES.map((page) =>
  createRoute({
    getParentRoute: () => shellRoute,
    path: page.path,
    component: lazyRouteComponent(async () => {
      const { Page } = await page.load();
      return { Page: () => <PageFrame page={page} Page={Page} /> };
    }, 'Page'),
    errorComponent: RouteFailure,
    loaderDeps: ({ search }) => ({ search: search as Search }),
    loader: ({ context, params, deps }) => {
      // Not awaited: the page shows its own skeleton, and a failure is the page's to show.
      for (const query of page.queries?.({ params, search: deps.search }) ?? []) {
        if ('initialPageParam' in query) void context.queryClient.prefetchInfiniteQuery(query);
        else void context.queryClient.prefetchQuery(query);
      }
    },
  }),
);

/** Beside the sidebar for those who are signed in; others are asked to sign in first, whatever the address. */
const nowhereRoute = createRoute({ getParentRoute: () => shellRoute, path: '$', component: NotFound });

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: rootRoute.addChildren([signInRoute, shellRoute.addChildren([...pageRoutes, nowhereRoute])]),
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 300,
    scrollRestoration: true,
    defaultStructuralSharing: true,
  });
}
