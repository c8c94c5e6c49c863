import { formatExactMoney, formatMoney } from '../format/money.ts';

interface MoneyProps {
  readonly usd: number | null | undefined;
  /** Why it is not known, where that is known. */
  readonly reason?: string;
}

/** An amount with as many digits as carry meaning; the exact one, or why there is none, on hover. */
export function Money({ usd, reason }: MoneyProps) {
  const isUnknown = usd === null || usd === undefined;
  return (
    <span
      className="figures whitespace-nowrap"
      title={isUnknown && reason !== undefined ? reason : formatExactMoney(usd)}
    >
      {formatMoney(usd)}
    </span>
  );
}
