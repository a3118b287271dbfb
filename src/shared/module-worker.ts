import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Of short-lived objects. Newer Nodes let each thread have 192 MB of them before they are swept: with nine threads that
 * is more than a gigabyte of rubbish.
 */
const YOUNG_MB = 24

/** Starts a module in a thread. TypeScript sources (tests, development) need their loader there too, before the module. */
export function startModule(url: URL, data: unknown): Worker {
  const options: WorkerOptions = { workerData: data, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } }
  if (!url.pathname.endsWith('.ts')) return new Worker(url, options)
  const loader = import.meta.resolve('tsx/esm/api')
  const code = `import('${loader}').then(({ register }) => (register(), import('${url.href}')))`
  return new Worker(code, { ...options, eval: true })
}
