/** What builds and runs an image: this machine without Docker, or Docker. */
import type { Size } from './sizes.ts'

export interface Engine {
  /** What it does otherwise than a container service; empty: nothing. */
  differs: readonly string[]
  /** Builds the image. @param args the values of `--build-arg` @throws Error that tells of the step that failed */
  build(args: Record<string, string>): Promise<void>
  /** The parts of the image, as lines of text. */
  sizes(): Promise<{ parts: Size[]; packages: Size[]; bytes: number }>
  /** Starts the image's command on the same data each time. @param env is put beside the image's own */
  start(env: Record<string, string>): Promise<Running>
  /** Runs another command in the image, beside what runs, as its user, on the same data. */
  run(command: readonly string[]): Promise<{ code: number | null; output: string }>
  /** Takes away what was made. */
  end(): Promise<void>
}

export interface Running {
  address: string
  /** Asks by the image's HEALTHCHECK. */
  isHealthy(): Promise<boolean>
  hasEnded(): boolean
  /** Sends the image's stop signal and waits. */
  stop(): Promise<{ code: number | null; ms: number }>
  /** Ends it at once. */
  kill(): void
  output(): string
}
