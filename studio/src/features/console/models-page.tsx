import type { Model } from '@backlot/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call, sentenceOf } from '../../lib/api.ts'
import { aboutDuration, price } from '../../lib/format.ts'
import { keys } from '../../lib/keys.ts'
import { queryClient } from '../../lib/query-client.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Waiting } from '../../ui/panel.tsx'
import { Cell, HeadCell, Table } from '../../ui/table.tsx'
import { ConsolePage } from './console-page.tsx'

const modelsKey = [...keys.console, 'models']

async function change(id: string, body: { enabled?: boolean; credits_per_second?: number }): Promise<void> {
  await call(`/v1/console/models/${encodeURIComponent(id)}`, { method: 'PATCH', json: body })
  await queryClient.invalidateQueries({ queryKey: modelsKey })
  void queryClient.invalidateQueries({ queryKey: keys.models })
  void queryClient.invalidateQueries({ queryKey: keys.quotes })
}

export function ModelsPage() {
  const { data, error } = useQuery({
    queryKey: modelsKey,
    queryFn: async ({ signal }) => (await call<{ data: Model[] }>('/v1/console/models', { signal })).data,
  })
  const [pricing, setPricing] = useState<Model | null>(null)
  const toggle = useMutation({
    mutationFn: (model: Model) => change(model.id, { enabled: !model.enabled }),
  })
  return (
    <ConsolePage title="Models">
      {toggle.error ? (
        <Notice look="fault" className="mb-4">
          {sentenceOf(toggle.error)}
        </Notice>
      ) : null}
      {data === undefined ? (
        error ? (
          <Notice look="fault">{sentenceOf(error)}</Notice>
        ) : (
          <Waiting label="Fetching the models…" lines={3} />
        )
      ) : (
        <Table
          label="Models"
          head={
            <>
              <HeadCell>Model</HeadCell>
              <HeadCell numeric>Credits per second</HeadCell>
              <HeadCell numeric>Price version</HeadCell>
              <HeadCell>Typical wait</HeadCell>
              <HeadCell>Proven</HeadCell>
              <HeadCell>In use</HeadCell>
              <HeadCell>Actions</HeadCell>
            </>
          }
        >
          {data.map((model) => (
            <tr key={model.id}>
              <Cell className="min-w-64">
                <span className="font-medium">{model.name}</span>{' '}
                <span className="numbers text-small text-dim">{model.id}</span>
                <span className="block max-w-[50ch] text-small text-dim">{model.description}</span>
              </Cell>
              <Cell numeric>{price(model.price.credits_per_second)}</Cell>
              <Cell numeric>{model.price.version}</Cell>
              <Cell className="whitespace-nowrap">
                {model.typical_wait_seconds === null
                  ? 'not known yet'
                  : aboutDuration(model.typical_wait_seconds)}
              </Cell>
              <Cell>
                {model.verified === 'live' ? 'against the real service' : 'against its documented form'}
              </Cell>
              <Cell>
                <button
                  type="button"
                  role="switch"
                  aria-checked={model.enabled}
                  aria-label={`${model.name} in use`}
                  disabled={toggle.isPending}
                  onClick={() => toggle.mutate(model)}
                  className="inline-flex min-h-11 items-center gap-2 lg:min-h-10"
                >
                  <span
                    aria-hidden="true"
                    className={`flex h-5 w-9 items-center rounded-full border px-0.5 ${model.enabled ? 'justify-end border-tungsten bg-tungsten' : 'justify-start border-edge'}`}
                  >
                    <span
                      className={`size-3.5 rounded-full ${model.enabled ? 'bg-on-tungsten' : 'bg-edge'}`}
                    />
                  </span>
                  {model.enabled ? 'On' : 'Off'}
                </button>
              </Cell>
              <Cell>
                <Button onClick={() => setPricing(model)} aria-label={`Change price of ${model.name}`}>
                  Change price
                </Button>
              </Cell>
            </tr>
          ))}
        </Table>
      )}
      {pricing ? <PriceDialog model={pricing} onClose={() => setPricing(null)} /> : null}
    </ConsolePage>
  )
}

function PriceDialog({ model, onClose }: { model: Model; onClose: () => void }) {
  const form = useSubmit(async (fields) => {
    const text = (textOf(fields, 'credits_per_second') ?? '').replace(',', '.')
    await change(model.id, { credits_per_second: text === '' ? Number.NaN : Number(text) })
    onClose()
  })
  return (
    <Dialog title={`Price of ${model.name}`} onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field
          label="Credits per second"
          name="credits_per_second"
          inputMode="decimal"
          autoComplete="off"
          autoFocus
          required
          defaultValue={model.price.credits_per_second}
          hint="May be 0 or a fraction such as 0.5. A quote is rounded up once, to whole credits."
          fault={form.fault('credits_per_second')}
          numbers
        />
        <p className="text-small text-dim">
          What was accepted already keeps the price that it was quoted with.
        </p>
        {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" look="primary" busyLabel={form.busy && 'Saving…'}>
            Save price
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
