/** Runs a case in a page: opens it with the recorder in place, waits for its end, and takes what was recorded. */
import type { BrowserContext } from 'playwright-core';
import { DEADLINE_MS, withDeadline } from '../harness/diagnostics.ts';
import { callsDone, entriesOf, slug, type Outcome, type SemanticsCase } from './case.ts';
import { recorderSource, type Recorder } from './recorder.ts';

/** The files of a case below a folder of its own, with the page that loads it. */
export function pageFiles(testCase: SemanticsCase): Record<string, string> {
  const scripts = entriesOf(testCase).map((entry) => `<script type="module" src="./${entry}"></script>`);
  const body = testCase.html ?? scripts.join('\n');
  const files = { 'index.html': `<!doctype html><meta charset="utf-8"><title>case</title><body>${body}</body>`, ...testCase.files };
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${slug(testCase.name)}/${name}`, text]));
}

export interface CaseRunner {
  run(testCase: SemanticsCase): Promise<Outcome>;
}

/** Cases follow each other in one page: each has its own document, and a new page would cost more than the case. */
export async function createCaseRunner(context: BrowserContext, origin: string): Promise<CaseRunner> {
  const page = await context.newPage();
  await page.addInitScript(recorderSource());
  return {
    async run(testCase) {
      await page.goto(`${origin}/${slug(testCase.name)}/`, { timeout: DEADLINE_MS });
      if (callsDone(testCase) || testCase.uncaught || testCase.linkError) await settled(page);
      return withoutPort(await drained(page), origin);
    },
  };
}

type CasePage = Awaited<ReturnType<BrowserContext['newPage']>>;

/** Only a case that hangs gets there. */
const HANG_MS = 10_000;

async function settled(page: CasePage): Promise<void> {
  const end = page.evaluate(() => (Reflect.get(globalThis, 'semanticsRecorder') as Recorder).settled);
  try {
    await withDeadline(end, 'the end of the case', HANG_MS);
  } catch (cause) {
    throw new Error(`The case does not end. It has said ${JSON.stringify(await drained(page))}`, { cause });
  }
}

function drained(page: CasePage): Promise<Outcome> {
  return page.evaluate(async () => {
    const { lines, uncaught } = Reflect.get(globalThis, 'semanticsRecorder') as Recorder;
    // What the last line of a case queued belongs to it: two turns of the event loop, since a task may queue another.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setTimeout(resolve));
    return { lines, uncaught };
  });
}

/** Origins differ by port, and by nothing that a case is about. */
function withoutPort({ lines, uncaught }: Outcome, origin: string): Outcome {
  const strip = (line: string): string => line.replaceAll(origin, 'http://localhost');
  return { lines: lines.map(strip), uncaught: uncaught.map(strip) };
}
