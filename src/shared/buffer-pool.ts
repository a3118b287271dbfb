/**
 * Imported for its effect, beside a package for MQTT, in each thread that speaks it.
 *
 * Small buffers are slices of slabs, and a slab lives as long as one of its slices. mqtt-packet keeps the few bytes of
 * every length of a packet that it has written, and a client those of its last will: with the slabs of Node 24, 64 KB
 * each, that came to a megabyte a minute. The 8 KB of Node 20 serve as well.
 */
const SLAB_BYTES = 8 * 1024

Buffer.poolSize = SLAB_BYTES
