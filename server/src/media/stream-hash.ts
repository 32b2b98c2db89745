// Runs in the media child.
import { createHash } from 'node:crypto'
import { EncodedPacketSink, FilePathSource, Input, MATROSKA, MP4, QTFF, WEBM } from 'mediabunny'
import { MediaError } from './media-error.ts'

/** SHA-256 (hex) over the packets of the first video stream in decode order: the same before and after signing. */
export async function hashVideoStream(path: string): Promise<string> {
  using input = new Input({ source: new FilePathSource(path), formats: [MP4, QTFF, WEBM, MATROSKA] })
  const track = await input.getPrimaryVideoTrack().catch(() => null)
  if (!track) throw new MediaError('media_broken', 'the file holds no video stream')
  const hash = createHash('sha256')
  let count = 0
  for await (const packet of new EncodedPacketSink(track).packets()) {
    hash.update(packet.data)
    count += 1
  }
  if (count === 0) throw new MediaError('media_broken', 'the video stream is empty')
  return hash.digest('hex')
}
