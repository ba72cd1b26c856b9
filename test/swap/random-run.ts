/** Runs random programs through random edits, counts what happened, and makes an example that goes wrong small. */
import type { Level } from './case.ts';
import { EDITS } from './random-edits.ts';
import { Maker } from './random-generator.ts';
import { World } from './random-model.ts';
import { isNamed, type Program, type Property } from './random-program.ts';
import { renderProgram } from './random-render.ts';
import { Session, Wrong, type Step } from './random-session.ts';

export interface Counts {
  programs: number;
  saves: number;
  swaps: number;
  answers: number;
  unspecified: number;
  rollbacks: number;
  /** Refusals by reason, without names. */
  readonly refusals: Record<string, number>;
  /** Saves of a single edit, by its kind: how many were swapped, and how many were refused with good reason. */
  readonly edits: Record<string, { swapped: number; refused: number }>;
}

export function createCounts(): Counts {
  return { programs: 0, saves: 0, swaps: 0, answers: 0, unspecified: 0, rollbacks: 0, refusals: {}, edits: {} };
}

/** A program and its saves, which fail. */
export interface Failure {
  readonly seed: number;
  readonly level: Level;
  readonly wrong: Wrong;
  readonly start: Program;
  readonly steps: readonly Step[];
}

const NAMES: readonly string[] = Object.keys(EDITS);

/** Another version of a program. */
function edit(before: Program, maker: Maker, versions: readonly Program[]): { program: Program; edits: string[] } | undefined {
  const { random } = maker;
  const earlier = versions.length > 1 && random.chance(0.1) ? random.maybe(versions) : undefined;
  if (earlier) return { program: structuredClone(earlier), edits: ['undo'] };
  const program = structuredClone(before);
  const edits: string[] = [];
  const count = random.chance(0.35) ? 2 + random.below(3) : 1;
  for (let tries = 0; edits.length < count && tries < 40; tries++) {
    const name = count === 1 && random.chance(0.08) ? 'format' : (random.maybe(NAMES) ?? 'body');
    if (maker.attempt(program, () => EDITS[name]?.(program, maker))) edits.push(name);
  }
  return edits.length > 0 ? { program, edits } : undefined;
}

export async function runSeed(seed: number, level: Level, counts: Counts): Promise<Failure | undefined> {
  const maker = new Maker(seed, level);
  const start = maker.program();
  const session = new Session(start, level);
  const versions: Program[] = [start];
  const steps: Step[] = [];
  counts.programs++;
  try {
    await session.start();
    for (let left = 3 + maker.random.below(5); left > 0; left--) {
      const next = edit(versions.at(-1) ?? start, maker, versions);
      if (!next) continue;
      const step: Step = { ...next, failsFirst: maker.random.chance(0.25) };
      steps.push(step);
      versions.push(next.program);
      const result = await session.save(step);
      counts.saves++;
      if (step.failsFirst && next.program.isQuiet) counts.rollbacks++;
      if (result.kind === 'swapped') counts.swaps++;
      else for (const reason of result.reasons) count(counts.refusals, reason.replace(/\b[a-z]\d+\b|\.[\w$#]+/g, '…'));
      const [only] = next.edits;
      if (next.edits.length === 1 && only !== undefined) {
        const entry = (counts.edits[only] ??= { swapped: 0, refused: 0 });
        if (result.kind === 'swapped') entry.swapped++;
        else entry.refused++;
      }
      if (result.kind === 'refused' && !result.isDue) throw new Wrong('refused', `${result.reasons.join('; ')} (${next.edits.join(', ')})`);
    }
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { seed, level, wrong: error, start, steps };
  } finally {
    counts.answers += session.answers;
    counts.unspecified += session.unspecified;
  }
  return undefined;
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** What goes wrong with these versions, if something does. */
async function replay(start: Program, steps: readonly Step[], level: Level): Promise<Wrong | undefined> {
  const session = new Session(start, level);
  try {
    await session.start();
    for (const step of steps) {
      const result = await session.save(step);
      if (result.kind === 'refused' && !result.isDue) throw new Wrong('refused', result.reasons.join('; '));
    }
  } catch (error) {
    if (error instanceof Wrong) return error;
    return new Wrong('invalid', String(error));
  }
  return undefined;
}

type Versions = readonly { readonly program: Program; readonly edits: readonly string[]; readonly failsFirst: boolean }[];

/** Ways to make all versions smaller, the big ones first. */
function* smaller(versions: Versions): Generator<Versions> {
  for (let index = 0; index < versions.length; index++) {
    if (versions.length > 2) yield versions.filter((_, at) => at !== index);
  }
  for (const [index, { failsFirst }] of versions.entries())
    if (failsFirst) yield versions.map((version, at) => (at === index ? { ...version, failsFirst: false } : version));
  const changed = (change: (program: Program) => void): Versions =>
    versions.map((version) => {
      const program = structuredClone(version.program);
      change(program);
      return { ...version, program };
    });
  yield changed((program) => void (program.hasBarrel = false));
  yield changed((program) => program.modules.forEach((module) => void (module.format = 0)));
  yield changed((program) => program.modules.forEach((module) => void (module.imports = {})));
  for (const id of new Set(versions.flatMap(({ program }) => program.modules.map((module) => module.id)))) {
    if (id !== '/main.js') yield changed((program) => void (program.modules = program.modules.filter((module) => module.id !== id)));
  }
  const units = new Set(versions.flatMap(({ program }) => program.modules.flatMap((module) => module.units.map((unit) => unit.id))));
  for (const id of units)
    yield changed((program) => program.modules.forEach((module) => void (module.units = module.units.filter((unit) => unit.id !== id))));
  const members = new Set(
    versions.flatMap(({ program }) =>
      program.modules.flatMap((module) =>
        module.units.flatMap((unit) =>
          unit.kind === 'class' ? unit.members.map((member) => `${unit.id} ${member.name} ${member.kind}`) : [],
        ),
      ),
    ),
  );
  for (const key of members) {
    yield changed((program) =>
      program.modules.forEach((module) =>
        module.units.forEach(
          (unit) =>
            unit.kind === 'class' && (unit.members = unit.members.filter((member) => `${unit.id} ${member.name} ${member.kind}` !== key)),
        ),
      ),
    );
  }
  for (const id of units) {
    yield changed((program) =>
      program.modules.forEach((module) =>
        module.units.forEach((unit) => unit.id === id && unit.kind === 'class' && (unit.constructs = undefined)),
      ),
    );
    yield changed((program) =>
      program.modules.forEach((module) => module.units.forEach((unit) => unit.id === id && isNamed(unit) && simplify(unit))),
    );
  }
  const properties = new Set(
    versions.flatMap(({ program }) =>
      program.modules.flatMap((module) =>
        module.units.flatMap((unit) => (unit.kind === 'literal' ? unit.properties.map(({ name }) => `${unit.id} ${name}`) : [])),
      ),
    ),
  );
  for (const key of properties) {
    yield changed((program) =>
      program.modules.forEach((module) =>
        module.units.forEach(
          (unit) => unit.kind === 'literal' && (unit.properties = unit.properties.filter(({ name }) => `${unit.id} ${name}` !== key)),
        ),
      ),
    );
  }
}

/** Bodies that do nothing but say which they are. */
function simplify(unit: unknown): void {
  if (typeof unit !== 'object' || unit === null) return;
  if ('parts' in unit && 'tag' in unit) Object.assign(unit, { parts: [], effects: [], style: 0 });
  for (const inner of Object.values(unit)) simplify(inner as Property);
}

export async function shrink({ start, steps, level, wrong }: Failure, limit: number): Promise<Failure & { readonly isShrunk: true }> {
  let best: Versions = [{ program: start, edits: [], failsFirst: false }, ...steps];
  let found = wrong;
  const repairer = new Maker(1, level);
  repairer.isPlain = true;
  let left = limit;
  for (let isSmaller = true, done = 0; left > 0 && (isSmaller || done > 0);) {
    // What did not help is tried again only when nothing else does.
    const skip = isSmaller ? done : 0;
    isSmaller = false;
    done = 0;
    for (const candidate of smaller(best)) {
      if (left <= 0) break;
      if (done++ < skip) continue;
      const [first, ...rest] = candidate;
      if (!first || !candidate.every(({ program }) => isProgram(program, repairer)) || JSON.stringify(candidate) === JSON.stringify(best))
        continue;
      left--;
      const result = await replay(first.program, rest, level);
      if (result?.sort !== wrong.sort) continue;
      best = candidate;
      found = result;
      isSmaller = true;
      break;
    }
  }
  const [first, ...rest] = best;
  return { seed: 0, level, wrong: found, start: first?.program ?? start, steps: rest, isShrunk: true };
}

function isProgram(program: Program, repairer: Maker): boolean {
  try {
    repairer.repair(program);
    new World(program).start();
    return true;
  } catch {
    return false;
  }
}

/** Sources of all versions; of later ones only what they change. */
export function describeFailure({ seed, level, wrong, start, steps }: Failure): string {
  const versions = [{ program: start, edits: ['start'], failsFirst: false }, ...steps];
  const lines = [`seed ${seed}, level ${level}: ${wrong.message}`];
  let before: Record<string, string> = {};
  for (const { program, edits, failsFirst } of versions) {
    lines.push(`==== ${edits.join(', ')}${failsFirst ? ', after a save that throws' : ''}`);
    const files = renderProgram(program);
    for (const [id, text] of Object.entries(files)) if (before[id] !== text) lines.push(`---- ${id}`, text);
    before = files;
  }
  return lines.join('\n');
}
