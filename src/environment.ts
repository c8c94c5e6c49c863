/** The one place that reads the process's variables and arguments; everybody else is handed what it needs of them. */
export function readEnvironment(): {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly arguments: readonly string[];
  readonly workingFolder: string;
} {
  return {
    variables: { ...process.env },
    arguments: process.argv.slice(2),
    workingFolder: process.cwd(),
  };
}
