import type { IPublishPacket, MqttClient } from 'mqtt'

/** What the library sends, by its private door: it has no public one for an acknowledgement that waits. */
interface Sender {
  _sendPacket(packet: { cmd: string; messageId?: number }, done?: (error?: Error) => void): unknown
}

/**
 * Makes a client acknowledge a message of QoS 1 when `receive` resolved. Its own way (`handleMessage`) waits too, but
 * for one message after the other; here many wait for one commit. Acknowledgements leave in the order of their
 * messages (MQTT 3.1.1, 4.6), and only on the connection that the message came by. One that is never sent makes the
 * broker send the message again.
 */
export function holdAcknowledgements(
  client: MqttClient,
  receive: (packet: IPublishPacket) => Promise<void>,
): void {
  const sender = client as unknown as Sender
  const send = sender._sendPacket.bind(client)
  let connection = 0
  /** Resolves when everything that came before may be acknowledged. */
  let before: Promise<unknown> = Promise.resolve()
  let taken: Promise<void> = Promise.resolve()

  client.on('close', () => {
    connection++
  })
  client.handleMessage = (packet, done) => {
    taken = receive(packet as IPublishPacket)
    // The message of a QoS 0 sender is his own risk.
    taken.catch(() => {})
    done()
  }
  sender._sendPacket = (packet, done) => {
    if (packet.cmd !== 'puback') return send(packet, done)
    const from = connection
    const durable = taken
    const turn = before
    before = Promise.all([durable, turn]).then(
      () => from === connection && client.connected && send(packet),
      // Not taken: it stays unacknowledged, and those after it need not wait for it.
      () => {},
    )
    done?.()
    return client
  }
}
