import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Tests that start the real program use what `npm run build` made: build it once, first. SKIP_BUILD=1 trusts what is there. */
export default function setup(): void {
  if (process.env.SKIP_BUILD) return
  execFileSync('npm', ['run', '--silent', 'build'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
  })
}
