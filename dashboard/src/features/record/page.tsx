import { PageHeader } from '../../components/page-header.tsx';
import { usePathParameter } from '../../filters/use-address.ts';
import { recordWords as words } from '../../words/record.ts';
import { NeighbourControls } from './neighbour-controls.tsx';
import { RecordView } from './record-view.tsx';

/** A record by its own address. */
export function Page() {
  const gateway = usePathParameter('gateway');
  const id = usePathParameter('log');
  return (
    <>
      <div className="sr-only">
        <PageHeader title={words.title} />
      </div>
      <div className="@container mx-auto max-w-5xl rounded-lg border border-kumo-hairline bg-kumo-base">
        <RecordView
          key={id}
          gateway={gateway}
          id={id}
          controls={<NeighbourControls gateway={gateway} id={id} />}
        />
      </div>
    </>
  );
}
