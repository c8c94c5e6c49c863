interface SparklineProps {
  readonly values: readonly (number | null)[];
  /** Said in place of the picture. */
  readonly label: string;
  readonly className?: string;
  readonly tone?: 'tide' | 'danger' | 'success';
}

const WIDTH = 100;
const HEIGHT = 24;
const TONES = { tide: 'fill-tide', danger: 'fill-kumo-danger', success: 'fill-kumo-success' } as const;

/** Bars from zero, without axes: the shape of a day beside its figure. */
export function Sparkline({ values, label, className = 'h-6 w-24', tone = 'tide' }: SparklineProps) {
  const most = Math.max(...values.map((value) => value ?? 0), 0);
  const step = WIDTH / Math.max(1, values.length);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={className}
    >
      <rect x="0" y={HEIGHT - 0.5} width={WIDTH} height="0.5" className="fill-kumo-line" />
      {most > 0 &&
        values.map((value, index) => {
          const height = value ? Math.max(1, (value / most) * HEIGHT) : 0;
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
              key={index}
              x={index * step + step * 0.1}
              y={HEIGHT - height}
              width={step * 0.8}
              height={height}
              className={TONES[tone]}
            />
          );
        })}
    </svg>
  );
}
