import { useSuspenseQuery } from '@tanstack/react-query';
import { type ComponentType, useEffect } from 'react';
import { may, sessionQuery } from '../api/session.ts';
import type { PageRow } from '../page-row.ts';
import { shellWords as words } from '../words/shell.ts';
import { useGatewayOfAddress } from './use-gateway.ts';

interface PageFrameProps {
  readonly page: PageRow;
  readonly Page: ComponentType;
}

/** Around each page: its title in the browser's tab, and a word instead of it for those who may not see it. */
export function PageFrame({ page, Page }: PageFrameProps) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const gateway = useGatewayOfAddress();
  useEffect(() => {
    document.title = [page.title, gateway, words.product].filter(Boolean).join(' · ');
  }, [page.title, gateway]);
  if (!may(session, page.permission)) {
    return (
      <p role="alert" className="py-24 text-center text-kumo-subtle">
        {words.notAllowed(page.permission)}
      </p>
    );
  }
  // Another gateway is another page: nothing of the one before may stand in it.
  return <Page key={gateway ?? ''} />;
}
