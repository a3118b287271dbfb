/** The interactive API page: Swagger UI from this server, over the document of this server. */
import { startPage } from '../page.ts'

interface SwaggerUi {
  (options: Record<string, unknown>): unknown
  presets: { apis: unknown }
}

declare const SwaggerUIBundle: SwaggerUi

void startPage(() => {
  SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#docs',
    presets: [SwaggerUIBundle.presets.apis],
    deepLinking: true,
    tryItOutEnabled: true,
    // The validator badge would send the document to somebody else's server.
    validatorUrl: null,
  })
})
