/** Fits a logistic model with a ridge penalty by Newton's method; small and exact, for some thousand rows. */

export interface Row {
  readonly features: readonly number[];
  /** 0 to 1; between them for a label that is not sure. */
  readonly target: number;
  readonly weight: number;
}

export interface Linear {
  readonly bias: number;
  readonly weights: readonly number[];
}

/** Of the penalty on weights of features scaled to a deviation of 1. Chosen by cross-validation; flat from 3 to 30. */
const RIDGE = 10;
const STEPS = 50;

const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] => {
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  const size = right.length;
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < size; row += 1) {
      if (row === column) continue;
      const factor = rows[row]![column]! / rows[column]![column]!;
      if (factor === 0) continue;
      for (let at = column; at <= size; at += 1) rows[row]![at]! -= factor * rows[column]![at]!;
    }
  }
  return rows.map((row, at) => row[size]! / row[at]!);
};

export const linearValue = ({ bias, weights }: Linear, features: readonly number[]): number =>
  features.reduce((sum, value, at) => sum + value * weights[at]!, bias);

export const probabilityOf = (value: number): number => 1 / (1 + Math.exp(-value));

/** Weights for the features as they are. The bias is not penalised. */
export const fitLogistic = (rows: readonly Row[], ridge: number = RIDGE): Linear => {
  const size = rows[0]!.features.length;
  const total = rows.reduce((sum, row) => sum + row.weight, 0);
  const mean = Array.from(
    { length: size },
    (_, at) => rows.reduce((sum, row) => sum + row.weight * row.features[at]!, 0) / total,
  );
  const deviation = mean.map(
    (middle, at) =>
      Math.sqrt(rows.reduce((sum, row) => sum + row.weight * (row.features[at]! - middle) ** 2, 0) / total) ||
      1,
  );
  const scaled = rows.map((row) => [
    ...row.features.map((value, at) => (value - mean[at]!) / deviation[at]!),
    1,
  ]);
  const found = new Array<number>(size + 1).fill(0);
  for (let step = 0; step < STEPS; step += 1) {
    const gradient = new Array<number>(size + 1).fill(0);
    const hessian = gradient.map(() => new Array<number>(size + 1).fill(0));
    for (const [at, row] of rows.entries()) {
      const x = scaled[at]!;
      const probability = probabilityOf(x.reduce((sum, value, i) => sum + value * found[i]!, 0));
      const slope = row.weight * (row.target - probability);
      const curve = row.weight * Math.max(probability * (1 - probability), 1e-6);
      for (let i = 0; i <= size; i += 1) {
        gradient[i]! += slope * x[i]!;
        for (let j = 0; j <= size; j += 1) hessian[i]![j]! += curve * x[i]! * x[j]!;
      }
    }
    for (let i = 0; i < size; i += 1) {
      gradient[i]! -= ridge * found[i]!;
      hessian[i]![i]! += ridge;
    }
    const change = solve(hessian, gradient);
    for (const [i, value] of change.entries()) found[i]! += value;
    if (Math.max(...change.map(Math.abs)) < 1e-8) break;
  }
  const weights = mean.map((_, at) => found[at]! / deviation[at]!);
  return { bias: found[size]! - weights.reduce((sum, weight, at) => sum + weight * mean[at]!, 0), weights };
};
