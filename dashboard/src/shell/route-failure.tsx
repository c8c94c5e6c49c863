import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { FailureView } from '../components/failure-view.tsx';

export function RouteFailure({ error }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <div className="mx-auto max-w-2xl p-6">
      <FailureView error={error} onRetry={() => void router.invalidate()} />
    </div>
  );
}
