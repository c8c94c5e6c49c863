import type { Attention } from '../../api/attention.ts';
import { type Filter, OPERATORS, type Operator } from '../../filters/filter.ts';

/** As the address of the logs has them; one with an operator from a newer gateway is left out. */
export function filtersOf(filters: Attention['filters']): Filter[] {
  return filters.flatMap(({ key, operator, value }) =>
    (OPERATORS as readonly string[]).includes(operator)
      ? [{ key, operator: operator as Operator, values: value.map((one) => String(one ?? '')) }]
      : [],
  );
}
