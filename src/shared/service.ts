/** What this program is called in its logs and metrics: Prometheus's job, Loki's job and service_name. */
export const SERVICE = 'license-server'
