/** What a stage of the pipeline that runs alone answers over HTTP. */
import type { Hono } from 'hono'
import type { Metrics } from '../observability/metrics.ts'
import { serveMetricsOnly } from './service-routes.ts'

/** @param health what it says of itself, and whether that is well */
export const serveStage = (metrics: Metrics, health: () => { isWell: boolean; says: object }): Hono =>
  serveMetricsOnly(metrics).get('/health', c => {
    const { isWell, says } = health()
    return c.json({ status: isWell ? 'healthy' : 'unhealthy', ...says }, isWell ? 200 : 503)
  })
