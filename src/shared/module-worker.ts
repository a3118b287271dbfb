import { Worker } from 'node:worker_threads'

/** Starts a module in a thread. TypeScript sources (tests, development) need their loader there too, before the module. */
export function startModule(url: URL, data: unknown): Worker {
  if (!url.pathname.endsWith('.ts')) return new Worker(url, { workerData: data })
  const loader = import.meta.resolve('tsx/esm/api')
  const code = `import('${loader}').then(({ register }) => (register(), import('${url.href}')))`
  return new Worker(code, { eval: true, workerData: data })
}
