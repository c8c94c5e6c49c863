import { shellWords as words } from '../words/shell.ts';

interface SkeletonProps {
  /** Size in the final shape, as classes: `h-9 w-full`. */
  readonly className: string;
  readonly count?: number;
}

/** Space that is kept while data comes, so that nothing jumps. */
export function Skeleton({ className, count = 1 }: SkeletonProps) {
  return (
    <div aria-busy="true" role="status" className="flex flex-col gap-2">
      <span className="sr-only">{words.loading}</span>
      {Array.from({ length: count }, (_, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
          key={index}
          aria-hidden="true"
          className={`animate-pulse rounded-md bg-kumo-tint ${className}`}
        />
      ))}
    </div>
  );
}
