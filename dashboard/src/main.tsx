import { Toasty } from '@cloudflare/kumo/components/toast';
import { TooltipProvider } from '@cloudflare/kumo/components/tooltip';
import { CSPProvider } from '@cloudflare/kumo/primitives/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { adoptSession, whenSignedOut } from './api/client.ts';
import { makeQueryClient } from './api/query-client.ts';
import { sessionQuery } from './api/session.ts';
import { listenToKeys } from './browser/keys.ts';
import { toastManager } from './components/toasts.ts';
import { makeRouter } from './router.tsx';
import './styles.css';

const queryClient = makeQueryClient();
const router = makeRouter(queryClient);

whenSignedOut(() => {
  const { href, pathname } = router.state.location;
  adoptSession(null);
  queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
  if (pathname !== '/sign-in') void router.navigate({ to: '/sign-in', search: { return: href } as never });
});
listenToKeys();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      {/* The policy of this site forbids <style> elements that a script makes; the style sheet has what they would say. */}
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queryClient}>
          <TooltipProvider>
            <Toasty toastManager={toastManager}>
              <RouterProvider router={router} />
            </Toasty>
          </TooltipProvider>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  );
}
