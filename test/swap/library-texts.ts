/** The modules of a package in `node_modules`, as they are and with every function of theirs changed, linked for a host without a compile step. */
import fs from 'node:fs';
import path from 'node:path';
import MagicString from 'magic-string';
import { ResolverFactory } from 'oxc-resolver';
import { parseModule, type AnyNode } from '../../src/server/compile/parse.ts';
import { link } from '../../src/server/compile/link.ts';
import { children } from '../../src/server/compile/swap/syntax.ts';
import type { ClassNode } from '../../src/server/compile/swap/plan.ts';
import { planUnits } from '../../src/server/compile/swap/units.ts';
import { REPOSITORY } from '../harness/built.ts';
import type { Level } from './case.ts';
import type { ModuleText } from './host.ts';
import { moduleText } from './texts.ts';

export interface LibrarySource {
  /** The module that the specifier names. */
  readonly entry: string;
  /** Id, which is the path from the repository → source. */
  readonly files: ReadonlyMap<string, string>;
}

const resolver = new ResolverFactory({ conditionNames: ['import', 'browser', 'default'], mainFields: ['module', 'main'] });

function resolveFrom(folder: string, specifier: string): string {
  const { path: found, error } = resolver.sync(folder, specifier);
  if (found === undefined) throw new Error(`${specifier} from ${folder}: ${error}`);
  return found;
}

const idOf = (file: string): string => `/${path.relative(REPOSITORY, file).split(path.sep).join('/')}`;

/** @param specifiers as imported from a module of this repository; of several, an entry exports everything */
export function readLibrary(...specifiers: readonly string[]): LibrarySource {
  const files = new Map<string, string>();
  const visit = (file: string): void => {
    if (files.has(idOf(file))) return;
    const source = fs.readFileSync(file, 'utf8');
    files.set(idOf(file), source);
    for (const request of link(source, { file }).requests) visit(resolveFrom(path.dirname(file), request.specifier));
  };
  const entries = specifiers.map((specifier) => resolveFrom(REPOSITORY, specifier));
  for (const entry of entries) visit(entry);
  const [only = ''] = entries;
  if (entries.length === 1) return { entry: idOf(only), files };
  return { entry: ENTRY, files: files.set(ENTRY, specifiers.map((specifier) => `export * from '${specifier}';`).join('\n')) };
}

const ENTRY = '/entry.js';

/** @param edit of each module's source */
export function libraryTexts({ files }: LibrarySource, level: 'off' | Level, edit = (source: string): string => source): ModuleText[] {
  return [...files].map(([id, source]) =>
    moduleText(id, edit(source), level, (specifier) => idOf(resolveFrom(path.dirname(path.join(REPOSITORY, id)), specifier))),
  );
}

export interface EveryFunction {
  readonly source: string;
  /** Functions that were changed, and all that there are. */
  readonly changed: number;
  readonly all: number;
}

/**
 * The same program, in which no function that can be replaced has the text that it had: each body begins with a mark, and each class has
 * another constructor and a further method. What is evaluated with the module stays, since a change of that is no swap of a function.
 * @param mark an expression without effects on the library
 */
export function changeEveryFunction(source: string, level: Level, mark: string): EveryFunction {
  const program = parseModule(source, '/library.js');
  const plan = planUnits(program, source, level);
  const text = new MagicString(source);
  const slots = new Set<AnyNode>(plan.functions.map(({ node }) => node));
  const classes = new Set<AnyNode>(plan.classes.map(({ node }) => node));
  const constructors = new Set<AnyNode>(plan.classes.flatMap(({ constructs }) => constructs?.value ?? []));
  let changed = 0;
  let all = 0;
  const visit = (node: AnyNode, isInside: boolean): void => {
    const isReplaced = isInside || slots.has(node) || constructors.has(node);
    if (node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration' || node.type === 'ArrowFunctionExpression') {
      all++;
      if (isReplaced) {
        changed++;
        if (node.body.type === 'BlockStatement') text.appendLeft(node.body.start + 1, `${mark};`);
        else {
          text.appendRight(node.body.start, `(${mark},`);
          text.appendLeft(node.body.end, ')');
        }
      }
    }
    if (classes.has(node)) changeClass(node as ClassNode, mark, text);
    for (const child of children(node)) visit(child, isReplaced);
  };
  visit(program, false);
  return { source: text.toString(), changed, all };
}

function changeClass({ body, superClass }: ClassNode, mark: string, text: MagicString): void {
  const hasConstructor = body.body.some((member) => member.type === 'MethodDefinition' && member.kind === 'constructor');
  const constructs = superClass ? `constructor(...given){super(...given);${mark}}` : `constructor(){${mark}}`;
  text.appendLeft(body.end - 1, `;${hasConstructor ? '' : constructs} marked(){${mark}}`);
}
