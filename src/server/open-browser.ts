/**
 * Opens an address in the developer's browser, by the command of the platform or $BROWSER. Forty lines instead of a package: those carry
 * a copy of xdg-open and a search for browsers that a development server does not need. A browser that cannot be opened is a
 * warning, never an error: the address stands in the terminal.
 */
import { spawn } from 'node:child_process';

export interface OpenBrowserOptions {
  /** Called at most once, with a sentence. */
  readonly onFailure: (message: string) => void;
  readonly platform?: NodeJS.Platform;
  readonly env?: NodeJS.ProcessEnv;
}

export interface BrowserCommand {
  readonly file: string;
  readonly args: readonly string[];
}

export function openBrowser(url: string, options: OpenBrowserOptions): void {
  const { onFailure, platform = process.platform, env = process.env } = options;
  const command = browserCommand(url, platform, env);
  if (!command) return;
  let told = false;
  const fail = (reason: string): void => {
    if (!told) onFailure(`Could not open the browser with "${command.file}" (${reason}). Open ${url} yourself, or set $BROWSER.`);
    told = true;
  };
  try {
    // Detached and without our terminal: the browser must outlive Ctrl-C, and must not hold our output open.
    const child = spawn(command.file, command.args, { detached: true, stdio: 'ignore', env });
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => code !== null && code !== 0 && fail(`exit code ${code}`));
    child.unref();
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

/** Undefined for BROWSER=none. In $BROWSER, `%s` stands for the address; of a list with colons the first entry is taken. */
export function browserCommand(url: string, platform: NodeJS.Platform, env: NodeJS.ProcessEnv): BrowserCommand | undefined {
  const wanted = env['BROWSER']?.trim();
  if (wanted === 'none') return undefined;
  if (wanted && platform !== 'win32') {
    const [file = '', ...args] = (wanted.split(':')[0] ?? '').split(/\s+/);
    const filled = args.map((arg) => arg.replaceAll('%s', url));
    return { file, args: args.some((arg) => arg.includes('%s')) ? filled : [...filled, url] };
  }
  if (platform === 'darwin') return { file: 'open', args: [url] };
  if (platform !== 'win32') return { file: 'xdg-open', args: [url] };
  // `start` takes a first quoted argument for a window title; `&` separates commands.
  return { file: 'cmd', args: ['/c', 'start', '""', url.replaceAll('&', '^&')] };
}
