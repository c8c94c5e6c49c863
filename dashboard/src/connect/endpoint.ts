import { connectWords as words } from '../words/connect.ts';

export interface Endpoint {
  /** `https://gateway.example`: where this page itself came from. */
  readonly origin: string;
  readonly account: string;
  readonly gateway: string;
  /** False: it takes requests without a token. */
  readonly needsToken: boolean;
}

export interface Snippet {
  /** `In a shell`, `In ~/.codex/config.toml`. */
  readonly place: string;
  readonly text: string;
}

/** Where a gateway token stands in a request, beside the provider's own key. */
export const TOKEN_HEADER = 'cf-aig-authorization';

export const baseAddress = ({ origin, account, gateway }: Endpoint): string =>
  `${origin}/v1/${account}/${gateway}`;

type Line = string | false;

const kept = (lines: readonly Line[]): string[] => lines.filter((line) => line !== false);

/** One command over several lines; those that are false are left out. */
export const shell = (...lines: readonly Line[]): Snippet => ({
  place: words.inShell,
  text: kept(lines).join(' \\\n  '),
});

export const file = (name: string, ...lines: readonly Line[]): Snippet => ({
  place: words.inFile(name),
  text: kept(lines).join('\n'),
});

export const jsonFile = (name: string, value: unknown): Snippet => file(name, JSON.stringify(value, null, 2));
