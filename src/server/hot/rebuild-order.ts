/**
 * In which order modules are built again. All at once, but for the parts of a module that a plugin takes apart (the style of a component): a part is
 * made after its importer, and whenever that is, because the plugin keeps what it found there. That is how esbuild comes by them too.
 */
interface Buildable {
  readonly importers: ReadonlySet<Buildable>;
  readonly building: Promise<void> | undefined;
  readonly built: unknown;
  readonly error: unknown;
}

export interface RebuildOptions<N extends Buildable> {
  readonly isPart: (node: N) => boolean;
  readonly dependencies: (node: N) => readonly N[];
  readonly start: (node: N) => void;
  /** Waits for these and for what they newly import. */
  readonly finish: (nodes: readonly N[]) => Promise<void>;
}

export async function rebuildInOrder<N extends Buildable>(stale: ReadonlySet<N>, options: RebuildOptions<N>): Promise<void> {
  const { isPart, dependencies, start, finish } = options;
  const left = new Set(stale);
  const done = new Set<N>();
  const waits = (node: N): boolean => isPart(node) && [...left].some((other) => other !== node && node.importers.has(other));
  while (left.size > 0) {
    const free = [...left].filter((node) => !waits(node));
    // Parts that import each other are nobody's parts.
    const now = free.length > 0 ? free : [...left];
    const parts = new Set(now.flatMap(dependencies).filter((node) => node.building && isPart(node)));
    const awaited = now.filter((node) => !isPending(node));
    for (const node of now) {
      left.delete(node);
      done.add(node);
      start(node);
    }
    await finish(awaited);
    for (const node of now.flatMap(dependencies)) if (parts.has(node) && !done.has(node)) left.add(node);
  }
}

/** No page has it, so only the request that began it waits: a plugin may take its time over it. */
function isPending({ building, built, error }: Buildable): boolean {
  return building !== undefined && built === undefined && error === undefined;
}
