/** A thread that tells the limits that it was given. */
import { parentPort, resourceLimits } from 'node:worker_threads'

parentPort?.postMessage(resourceLimits)
