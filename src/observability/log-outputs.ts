/** Where log lines go: standard output, a file that Promtail tails, a Loki that is pushed to. */
import {
  type LogDestination,
  logDestination,
  type OutputObserver,
  standardOutput,
} from './log-destination.ts'
import { type LogFileOptions, logFile } from './log-file.ts'
import type { logMetrics } from './log-metrics.ts'
import type { Log } from './logger.ts'
import { type LokiAddress, lokiOutput } from './loki-push.ts'
import type { Instruments, Metrics } from './metrics.ts'

export interface LogOutputOptions {
  logFile: LogFileOptions | null
  loki: LokiAddress | null
}

/**
 * @param log the log that writes here: it tells, once an outage, that Loki cannot be reached
 * @throws StartFailure when the file cannot be written
 */
export function logOutputs(
  options: LogOutputOptions,
  metrics: Metrics,
  m: Instruments<typeof logMetrics>,
  log: () => Log,
): LogDestination {
  const outputs = [standardOutput(counting('stdout'))]
  if (options.logFile) outputs.push(logFile(options.logFile, counting('file')))
  if (options.loki) {
    const loki = lokiOutput(options.loki, toldOnce(counting('loki')))
    metrics.beforeScrape(async () => m.log_push_waiting_bytes.set({}, loki.waitingBytes))
    outputs.push(loki)
  }
  return logDestination(outputs)

  function counting(output: 'stdout' | 'file' | 'loki'): OutputObserver {
    m.log_lines_dropped_total.inc({ output }, 0)
    m.log_write_failures_total.inc({ output }, 0)
    return {
      dropped: lines => m.log_lines_dropped_total.inc({ output }, lines),
      failed: () => m.log_write_failures_total.inc({ output }),
    }
  }

  /** Logs the begin and the end of an outage. */
  function toldOnce({ dropped, failed }: OutputObserver) {
    let isFailing = false
    return {
      dropped,
      failed(reason: string) {
        failed(reason)
        if (!isFailing) log().warn('log_delivery_failed', 'Loki does not take log lines', { reason })
        isFailing = true
      },
      recovered() {
        isFailing = false
        log().info('log_delivery_recovered', 'Loki takes log lines again')
      },
    }
  }
}
