import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** What the commands write to. Results go to standard output, everything else to standard error. */
export interface Terminal {
  readonly isInteractive: boolean;
  out(line: string): void;
  problem(line: string): void;
  /** Rewrites the lines of the last call in place where the terminal can; else prints them below. */
  redraw(lines: readonly string[]): void;
  /** Colour, where the reader can see it and has not asked for none. */
  style(style: Style, text: string): string;
}

/** The one place that writes to the process's terminal. `NO_COLOR` with any value turns colours off (no-color.org). */
export function processTerminal(variables: Readonly<Record<string, string | undefined>>): Terminal {
  const isInteractive = process.stdout.isTTY === true;
  const isColoured = isInteractive && !variables.NO_COLOR && variables.TERM !== 'dumb';
  let drawn = 0;
  // A reader that went away (`tidegate logs tail | head`) is a normal end. Anything else, such as a full disk behind
  // a redirection, must not end a gateway that only wanted to say something.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  process.stderr.on('error', () => {});
  const clean = (text: string): string => (isColoured ? text : stripVTControlCharacters(text));
  return {
    isInteractive,
    out(line) {
      drawn = 0;
      process.stdout.write(`${clean(line)}\n`);
    },
    problem(line) {
      drawn = 0;
      process.stderr.write(`${stripVTControlCharacters(line)}\n`);
    },
    redraw(lines) {
      if (isInteractive && drawn > 0) process.stdout.write(`\u001b[${drawn}A\u001b[0J`);
      // A line that wraps would take two rows, and the next redraw would leave one behind.
      const width = (process.stdout.columns ?? 80) - 1;
      const fitted = lines.map((line) => {
        const plain = stripVTControlCharacters(line);
        return plain.length > width ? plain.slice(0, width) : clean(line);
      });
      process.stdout.write(`${fitted.join('\n')}\n`);
      drawn = lines.length;
    },
    style: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
  };
}
