import { getRouteApi } from '@tanstack/react-router'
import { Inspector } from '../features/library/inspector.tsx'
import { useStudioActions } from './studio-actions.ts'

export function GenerationPage() {
  const route = getRouteApi('/shell/studio/g/$generationId')
  const { generationId } = route.useParams()
  const { output } = route.useSearch()
  const actions = useStudioActions()
  return (
    <Inspector
      key={generationId}
      generationId={generationId}
      output={output ?? 0}
      onClose={actions.close}
      onUseAgain={actions.useAgain}
      onTryAgain={actions.tryAgain}
      onCancel={actions.cancel}
    />
  )
}
