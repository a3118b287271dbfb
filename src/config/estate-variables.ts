/** The variables of the estate. */
import { z } from 'zod'
import { httpAddress, onOrOff, whole } from './variable.ts'

const stages = ['generator', 'ingest', 'transform', 'analytics']

export const estateVariables = {
  ESTATE_SERVERS: {
    schema: whole(0, 5000),
    fallback: '0',
    about:
      'simulated servers, with half as many service instances and twice as many containers; 1000: the whole estate',
  },
  ESTATE_INTERVAL: {
    schema: whole(5, 300),
    fallback: '30',
    about: 'seconds between two samples of each of them',
  },
  ESTATE_HISTORY_DAYS: {
    schema: whole(0, 30),
    fallback: '7',
    about: 'days of their past that are generated when they start',
  },
  ESTATE_SEED: { schema: whole(0, 2 ** 31), fallback: '1', about: 'the same seed makes the same estate' },
  ESTATE_FAULTS_PER_DAY: {
    schema: whole(0, 1440),
    fallback: '144',
    about: 'how often something in the simulated estate breaks, in a day',
  },
  ESTATE_HOST: {
    schema: onOrOff,
    fallback: 'on',
    about: 'off: the machine that the server runs on is not measured',
  },
  ESTATE_STAGES: {
    schema: z
      .string()
      .transform(text => (text === 'all' ? stages : text === 'none' ? [] : text.split(',')))
      .refine(
        names => names.every(name => stages.includes(name)),
        `must be all, none, or some of ${stages.join(', ')}, with commas`,
      ),
    fallback: 'all',
    about:
      'the stages of the pipeline that run in this process; others may run alone: npm run estate -- --help',
  },
  ESTATE_STAGE_NAME: {
    schema: z.string().regex(/^[a-z0-9]{1,16}$/, 'must be 1 to 16 of a to z and 0 to 9'),
    fallback: undefined,
    about: 'which of several, of a stage in a process of its own',
  },
  ESTATE_STAGE_PORT: {
    schema: whole(0, 65_535),
    fallback: undefined,
    about: 'where such a process serves /health and /metrics [nowhere]',
  },
  ESTATE_DB_PATH: {
    schema: z.string().min(1),
    fallback: undefined,
    about: 'the SQLite file of the estate [estate.db beside the other]',
  },
  ESTATE_RAW_KEEP_HOURS: {
    schema: whole(1, 168),
    fallback: '24',
    about: 'how long single samples are kept; sums of 1 minute 2 days, of 5 minutes 8, of an hour 90',
  },
  LAKE_URL: {
    schema: z.string().min(1),
    fallback: undefined,
    secret: true,
    about: 'where raw samples are kept: a folder, or s3://bucket/prefix [lake beside the database]',
  },
  LAKE_KEEP_DAYS: { schema: whole(1, 3650), fallback: '8', about: 'how long raw samples are kept there' },
  AWS_ENDPOINT_URL_S3: {
    schema: httpAddress,
    fallback: undefined,
    secret: true,
    about: 'the S3-compatible server of that bucket',
  },
  AWS_REGION: { schema: z.string().min(1).max(64), fallback: 'us-east-1', about: 'its region' },
  AWS_ACCESS_KEY_ID: { schema: z.string().min(1), fallback: undefined, secret: true, about: 'its user' },
  AWS_SECRET_ACCESS_KEY: {
    schema: z.string().min(1),
    fallback: undefined,
    secret: true,
    about: 'its password',
  },
} as const
