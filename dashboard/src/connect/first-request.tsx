import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { logsQuery } from '../api/logs.ts';
import { connectWords as words } from '../words/connect.ts';

const POLL_MS = 5_000;

/** The newest record of a gateway, watched until there is one. Undefined while that is not known. */
export function useFirstRequest(gateway: string | undefined) {
  const { data } = useQuery({
    ...logsQuery(gateway ?? '', { per_page: 1 }),
    enabled: gateway !== undefined,
    refetchInterval: ({ state }) => (state.data?.rows.length === 0 ? POLL_MS : false),
  });
  return data === undefined ? undefined : (data.rows[0] ?? null);
}

/** 'Waiting for the first request …', which turns into a link to it. */
export function FirstRequest({ gateway }: { readonly gateway: string }) {
  const record = useFirstRequest(gateway);
  return (
    <p role="status" aria-live="polite" className="flex items-center gap-2 text-sm">
      <span
        aria-hidden="true"
        className={`size-2 rounded-full ${record ? 'bg-kumo-success' : 'animate-pulse bg-tide'}`}
      />
      {record ? (
        <>
          {words.arrived}{' '}
          <Link
            to="/g/$gateway/logs/$log"
            params={{ gateway, log: record.id } as never}
            className="text-kumo-link underline underline-offset-2"
          >
            {words.arrivedLink(record.model, record.status_code)}
          </Link>
        </>
      ) : (
        words.waiting
      )}
    </p>
  );
}
