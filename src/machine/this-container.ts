/** What the kernel says of the container that this process runs in, where it runs in one. */
import { readFile } from 'node:fs/promises'

/** The text of a file; null: there is none, or it may not be read. */
export type ReadText = (path: string) => Promise<string | null>

export const readText: ReadText = path => readFile(path, 'utf8').catch(() => null)

const MARKS = ['/.dockerenv', '/run/.containerenv']
const RUNTIMES = /docker|kubepods|containerd|libpod|crio|lxc|garden/

/** By the marks that runtimes leave, or the name of the process's control group. */
export async function isContained(read: ReadText): Promise<boolean> {
  if (RUNTIMES.test((await read('/proc/self/cgroup')) ?? '')) return true
  for (const mark of MARKS) if ((await read(mark)) !== null) return true
  return false
}

export interface ContainerUse {
  /** Without what the kernel could give back at once. */
  memoryBytes: number
  /** Processor time since the container began, ms. */
  cpuMs: number
}

/** From control groups of version 2, else of version 1. null: the kernel does not say. */
export async function containerUse(read: ReadText): Promise<ContainerUse | null> {
  const [current, stat, cpu] = await Promise.all(
    ['memory.current', 'memory.stat', 'cpu.stat'].map(name => read(`/sys/fs/cgroup/${name}`)),
  )
  const v2 = useOf(current, stat, /^inactive_file (\d+)$/m, /^usage_usec (\d+)$/m.exec(cpu ?? '')?.[1], 1e3)
  if (v2) return v2
  const [usage, oldStat, nanos] = await Promise.all(
    ['memory/memory.usage_in_bytes', 'memory/memory.stat', 'cpuacct/cpuacct.usage'].map(name =>
      read(`/sys/fs/cgroup/${name}`),
    ),
  )
  return useOf(usage, oldStat, /^total_inactive_file (\d+)$/m, nanos?.trim(), 1e6)
}

function useOf(
  memory: string | null | undefined,
  stat: string | null | undefined,
  inactive: RegExp,
  cpu: string | undefined,
  perMs: number,
): ContainerUse | null {
  const bytes = Number(memory?.trim() || Number.NaN)
  const spent = Number(cpu || Number.NaN)
  if (!Number.isFinite(bytes) || !Number.isFinite(spent)) return null
  const givesBack = Number(inactive.exec(stat ?? '')?.[1] ?? 0)
  return { memoryBytes: Math.max(0, bytes - givesBack), cpuMs: spent / perMs }
}

/** null: there is no limit below what the machine has. @param constrained of `process.constrainedMemory()` */
export const limitOf = (constrained: number | undefined, totalBytes: number): number | null =>
  constrained && constrained > 0 && constrained < totalBytes ? constrained : null
