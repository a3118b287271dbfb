# The full image has the compiler that better-sqlite3 needs where no prebuilt binary can be fetched.
FROM node:24.21.0-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY static static
COPY src src
COPY docs docs
ARG APP_COMMIT=""
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    LICENSE_DB_PATH=/data/licenses.db
WORKDIR /app
# A fresh volume takes over the owner of the folder that it is mounted on.
RUN install -d -o node -g node /data /var/log/twinloop /run/twinloop
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/static static
COPY --from=build /app/dist dist
USER node
VOLUME ["/data"]
EXPOSE 8000 1883
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8000}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
