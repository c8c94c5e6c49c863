/**
 * Verdicts that a probability weighs as much as. Small, so that two wrong answers silence an entry at any budget; not
 * smaller, because verdicts are themselves wrong now and then, and one right answer proves little about the next asker.
 */
const PRIOR_WEIGHT = 16;

/**
 * The probability of a pair, corrected by what was found about answers that its entry gave before: the mean of a Beta
 * distribution that starts at the pair's own probability. `right` and `wrong` count verdicts, 0 or more.
 */
export const withEvidence = (probability: number, right: number, wrong: number): number =>
  (probability * PRIOR_WEIGHT + right) / (PRIOR_WEIGHT + right + wrong);
