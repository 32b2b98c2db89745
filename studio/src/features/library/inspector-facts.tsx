import type { Asset, Generation, Page, Provenance, StatementLine } from '@backlot/contract'
import { useQuery } from '@tanstack/react-query'
import { call, sentenceOf } from '../../lib/api.ts'
import { useNow } from '../../lib/clocks.ts'
import {
  bitrate,
  bytes,
  credits,
  dateTime,
  dayInWords,
  deletesIn,
  seconds,
  signed,
} from '../../lib/format.ts'
import { keys } from '../../lib/keys.ts'
import { modelsQuery } from '../../lib/queries.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Fact, Facts } from '../../ui/panel.tsx'

export function SettingsFacts({ generation }: { generation: Generation }) {
  const { data: models } = useQuery(modelsQuery)
  const model = models?.find((each) => each.id === generation.model)
  return (
    <Facts>
      <Fact name="Model">
        {model?.name ?? generation.model}
        {model?.is_draft ? <span className="text-dim"> · a moving storyboard, not AI video</span> : null}
      </Fact>
      <Fact name="Length">{seconds(generation.seconds)}</Fact>
      <Fact name="Shape">
        {generation.aspect_ratio} at {generation.resolution}
      </Fact>
      <Fact name="Sound">{generation.audio ? 'on' : 'off'}</Fact>
      {generation.n > 1 ? <Fact name="Outputs">{generation.n}</Fact> : null}
      <Fact name="Seed">
        <span className="numbers">{generation.seed}</span>
      </Fact>
      {generation.reference_asset_id ? <Reference id={generation.reference_asset_id} /> : null}
      <Fact name="Made">{dateTime(generation.created_at)}</Fact>
    </Facts>
  )
}

function Reference({ id }: { id: string }) {
  const { data: asset } = useQuery({
    queryKey: keys.asset(id),
    queryFn: ({ signal }) => call<Asset>(`/v1/assets/${encodeURIComponent(id)}`, { signal }),
  })
  return (
    <Fact name="Reference">
      {asset ? (
        <img
          src={asset.urls.poster ?? asset.urls.content}
          alt={asset.file_name}
          width={asset.width}
          height={asset.height}
          className="h-20 w-auto rounded-control"
        />
      ) : (
        'deleted meanwhile'
      )}
    </Fact>
  )
}

const statementPagesMax = 10

/** Lines come newest first, and none of a generation is older than it: reading stops there, or at a bound. */
async function linesOf(generation: Generation, signal: AbortSignal): Promise<StatementLine[]> {
  const found: StatementLine[] = []
  let after: string | null = null
  for (let page = 0; page < statementPagesMax; page += 1) {
    const answer: Page<StatementLine> = await call(
      `/v1/credits/statement?limit=100${after ? `&after=${encodeURIComponent(after)}` : ''}`,
      { signal },
    )
    found.push(...answer.data.filter((line) => line.generation_id === generation.id))
    const oldest = answer.data.at(-1)
    after = answer.next
    if (!after || !oldest || Date.parse(oldest.at) < Date.parse(generation.created_at)) break
  }
  return found
}

/** The price and the lines of the ledger behind it. */
export function PriceFacts({ generation }: { generation: Generation }) {
  const { quoted, held, charged } = generation.credits
  const { data: own, isPending } = useQuery({
    queryKey: [...keys.statement, generation.id],
    queryFn: ({ signal }) => linesOf(generation, signal),
  })
  return (
    <>
      <Facts>
        <Fact name="Quoted">
          <span className="numbers">{credits(quoted)}</span>
        </Fact>
        {held > 0 ? (
          <Fact name="Held">
            <span className="numbers">{credits(held)}</span>
          </Fact>
        ) : null}
        <Fact name="Charged">
          <span className="numbers">{credits(charged)}</span>
        </Fact>
      </Facts>
      {isPending ? (
        // As high as the two lines that most generations have.
        <p role="status" className="mt-3 h-[3.125rem] border-l border-line pl-4 text-dim">
          Reading the ledger…
        </p>
      ) : null}
      {own && own.length > 0 ? (
        <ol className="mt-3 space-y-1.5 border-l border-line pl-4">
          {own.toReversed().map((line) => (
            <li key={line.id} className="flex flex-wrap justify-between gap-x-4">
              <span className="min-w-0 flex-1">{line.explanation}</span>
              <span className="numbers text-small text-dim">
                {line.amount !== 0
                  ? `${signed(line.amount)} available`
                  : line.held_change !== 0
                    ? `${signed(line.held_change)} held`
                    : '0'}
              </span>
            </li>
          ))}
        </ol>
      ) : null}
    </>
  )
}

const codecNames: Readonly<Record<string, string>> = {
  avc: 'H.264',
  h264: 'H.264',
  hevc: 'H.265',
  vp9: 'VP9',
  av1: 'AV1',
  aac: 'AAC',
  opus: 'Opus',
}

function codecName(codec: string | null): string | null {
  return codec === null ? null : (codecNames[codec] ?? codec)
}

export function TechnicalFacts({ asset }: { asset: Asset }) {
  const nowMs = useNow()
  return (
    <Facts>
      <Fact name="Picture">
        <span className="numbers">
          {asset.width} × {asset.height}
        </span>
        {asset.frame_rate ? (
          <span className="numbers"> · {Math.round(asset.frame_rate * 1000) / 1000} fps</span>
        ) : null}
      </Fact>
      {asset.duration_ms !== null ? (
        <Fact name="Duration">
          <span className="numbers">{seconds(asset.duration_ms / 1000)}</span>
        </Fact>
      ) : null}
      <Fact name="Codecs">
        {[codecName(asset.video_codec), asset.audio_codec ? codecName(asset.audio_codec) : 'no sound']
          .filter(Boolean)
          .join(', ')}
      </Fact>
      <Fact name="Size">
        <span className="numbers">
          {bytes(asset.bytes)}
          {asset.bitrate ? ` · ${bitrate(asset.bitrate)}` : ''}
        </span>
      </Fact>
      <Fact name="Type">{asset.mime_type}</Fact>
      <Fact name="Kept">
        {asset.deletes_at
          ? `until ${dayInWords(asset.deletes_at, nowMs)}, ${deletesIn(asset.deletes_at, nowMs)}`
          : 'until you delete it'}
      </Fact>
      <Fact name="Id">
        <span className="numbers text-small break-all">{asset.id}</span>
      </Fact>
    </Facts>
  )
}

const states: Record<Provenance['state'], string> = {
  valid: 'Content Credentials are in the file and verify.',
  trusted: 'Content Credentials are in the file and verify; this deployment signed them.',
  invalid: 'Content Credentials are in the file but do not verify. It was changed after signing.',
  none: 'The file carries no Content Credentials.',
  unavailable: 'Signing is switched off on this deployment.',
}

export function ProvenanceFacts({ asset }: { asset: Asset }) {
  const { data, error } = useQuery({
    queryKey: keys.provenance(asset.id),
    queryFn: ({ signal }) =>
      call<Provenance>(`/v1/assets/${encodeURIComponent(asset.id)}/provenance`, { signal }),
    staleTime: 60_000,
  })
  return (
    <>
      <p className="mb-3">
        {error ? sentenceOf(error) : data ? states[data.state] : 'Reading the credentials…'}
      </p>
      <Facts>
        {data?.issuer ? <Fact name="Signed by">{data.issuer}</Fact> : null}
        {data?.signed_at ? <Fact name="Signed">{dateTime(data.signed_at)}</Fact> : null}
        {data?.model ? <Fact name="Model">{data.model}</Fact> : null}
        {data?.digital_source_type ? (
          <Fact name="Source type">{data.digital_source_type.split('/').at(-1)}</Fact>
        ) : null}
        <Fact name="SHA-256">
          <span className="numbers text-small break-all">{asset.sha256}</span>
        </Fact>
      </Facts>
      <div className="mt-2 -ml-2">
        <CopyButton text={asset.sha256} label="Copy SHA-256" />
      </div>
    </>
  )
}
