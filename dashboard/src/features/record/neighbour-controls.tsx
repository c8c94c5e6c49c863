import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { logQuery, logsQuery } from '../../api/logs.ts';
import { neighbourAfter, neighbourQuery } from './neighbours.ts';
import { RecordControls } from './record-controls.tsx';

interface NeighbourControlsProps {
  readonly gateway: string;
  readonly id: string;
}

/** Previous and next by time, for a record that stands alone. */
export function NeighbourControls({ gateway, id }: NeighbourControlsProps) {
  const navigate = useNavigate();
  // This stands in what is shown of a failure as well: asked again there, it would come and go without end.
  const { data: log } = useQuery({ ...logQuery(gateway, id), retryOnMount: false });
  const at = log?.created_at ?? '';
  const isKnown = log !== undefined;
  const { data: newer } = useQuery({ ...logsQuery(gateway, neighbourQuery(at, 'newer')), enabled: isKnown });
  const { data: older } = useQuery({ ...logsQuery(gateway, neighbourQuery(at, 'older')), enabled: isKnown });
  const go = (target: string | null) =>
    target === null
      ? null
      : () =>
          void navigate({
            to: '/g/$gateway/logs/$log',
            params: { gateway, log: target },
            search: true,
          } as never);
  return (
    <RecordControls
      onPrevious={go(neighbourAfter(newer?.rows ?? [], id))}
      onNext={go(neighbourAfter(older?.rows ?? [], id))}
    />
  );
}
