# Two stages: the first has what builds, the second only what runs. Neither needs a compiler. Both are named by exact
# version. To build from exact digests instead, see docs/deploy.md.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json tsconfig.client.json ./
COPY scripts scripts
COPY docs docs
COPY static static
COPY src src
# What the image says it is. An empty commit is told as "unknown", an empty version is the one in package.json.
ARG APP_COMMIT=""
ARG APP_COMMITTED_AT=""
RUN npm run build
# Nobody asks for these: packages that only the build reads, SQLite's sources and its drivers for other machines and
# older Nodes, maps, declarations, tests of packages, pages without their frame.
RUN npm prune --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/@types node_modules/better-sqlite3/deps node_modules/better-sqlite3/src \
 && find node_modules/better-sqlite3/prebuilds -type f ! -name "linux-$(node -p process.arch).node" -delete \
 && if [ "$(node -p 'process.versions.napi >= 10')" = true ]; then rm -rf node_modules/better-sqlite3-12; fi \
 && find node_modules dist -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
 && find node_modules -type d \( -name test -o -name tests -o -name __tests__ \) -prune -exec rm -rf {} + \
 && rm -f static/*.html
ARG APP_VERSION=""
RUN if [ -n "$APP_VERSION" ]; then npm pkg set "version=$APP_VERSION"; fi

FROM node:24.21.0-bookworm-slim
# Two heaps of malloc for all threads: with one for each, what a race leaves behind is spread over sixteen and stays.
# Three times 8 MB of short-lived objects for each thread, where Node would take up to 192 MB before it sweeps.
ENV NODE_ENV=production \
    NODE_OPTIONS=--max-semi-space-size=8 \
    MALLOC_ARENA_MAX=2 \
    LICENSE_DB_PATH=/data/licenses.db
WORKDIR /app
# A fresh volume takes over the owner of the folder that it is mounted on.
RUN install -d -o node -g node /data /var/log/twinloop /run/twinloop
# From what changes least to what changes most: what has not changed is not sent again.
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/static static
COPY --from=build /app/dist dist
COPY --from=build /app/package.json ./
USER node
VOLUME ["/data"]
EXPOSE 8000 1883
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8000}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
ARG APP_COMMIT=""
ARG APP_VERSION=""
LABEL org.opencontainers.image.title="Twinloop" \
      org.opencontainers.image.description="A license server that is its own observability stage" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${APP_VERSION}" \
      org.opencontainers.image.revision="${APP_COMMIT}"
