/** The least that a Hono server can do: what every figure of the bench is compared with. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const app = new Hono()
app.post('/echo', async c => c.json(await c.req.json()))
app.get('/echo', c => c.json({ ok: true }))
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
  process.stderr.write(`http://localhost:${port}\n`),
)
